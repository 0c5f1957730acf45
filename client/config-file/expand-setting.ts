const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A setting with its secrets filled in. Throws when a variable is not set. */
export function expandSetting(key: string, text: string, environment: NodeJS.ProcessEnv): string {
  return text.replace(REFERENCE, (_reference, name: string) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`${key}: the environment variable ${name} is not set`);
    return value;
  });
}
