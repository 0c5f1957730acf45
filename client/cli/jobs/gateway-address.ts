const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;
const LISTEN_DEFAULT = '127.0.0.1:7600';
/** A gateway of this machine answers in milliseconds. */
const LOOK_TIMEOUT_MS = 1_000;

export interface GatewaySettings {
  readonly listen: string | undefined;
  readonly token: string | undefined;
}

/** How a gateway is reached. */
export interface GatewayAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the gateway of a configuration can be reached from this machine. */
export function gatewayOf(
  { listen = LISTEN_DEFAULT, token }: GatewaySettings,
  environment: NodeJS.ProcessEnv,
): GatewayAddress {
  const address = listen.replace(/^(?:0\.0\.0\.0|\[::\]):/, '127.0.0.1:');
  const secret = token?.replace(REFERENCE, (_reference, name: string) => environment[name] ?? '');
  return {
    url: `http://${address}`,
    headers: secret === undefined || secret === '' ? {} : { authorization: `Bearer ${secret}` },
  };
}

/** Address of a job at a gateway; its name is enough there. */
export function jobUrl({ url }: GatewayAddress, id: string): string {
  return `${url}/api/jobs/${encodeURIComponent(id)}`;
}

/** True when a gateway is there and knows the job: another program may well have its port. */
export async function knowsJob(gateway: GatewayAddress, id: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const answer = await fetch(jobUrl(gateway, id), { headers: gateway.headers, signal });
    const job = (await answer.json()) as { id?: unknown } | null;
    return answer.ok && job?.id === id;
  } catch {
    return false;
  }
}
