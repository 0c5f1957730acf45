import { referencedVariables, type Environment } from './expand.js';

const MASK = '***';
/** Shorter values are too likely to stand in an address by chance. */
const CONCEALED_LENGTH_MIN = 8;

/** Values of all `${env:NAME}` in `text` that are set. Variables that are not set are left out. */
export function secretsIn(text: string, env: Environment): string[] {
  return referencedVariables(text)
    .map((variable) => env[variable])
    .filter((value): value is string => value !== undefined && value !== '');
}

/** The ways in which a value may be printed: as it is, as part of an address, as part of JSON. */
function spellingsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)];
}

/** Replaces every secret in `text` by `***`, also where it is percent-encoded or escaped for JSON. */
export function redact(text: string, secrets: readonly string[]): string {
  const spellings = [...new Set(secrets.filter((secret) => secret !== '').flatMap(spellingsOf))];
  // The longest goes first: a secret that is part of another must not leave the other's rest behind.
  spellings.sort((a, b) => b.length - a.length);
  return spellings.reduce((redacted, spelling) => redacted.replaceAll(spelling, MASK), text);
}

/**
 * Puts `${env:NAME}` back where a site's answer repeats one of the secrets that `template` refers to, so that the
 * answer can be stored. Values under 8 characters are left as they are.
 */
export function concealSecrets(text: string, template: string, env: Environment): string {
  return referencedVariables(template).reduce((concealed, variable) => {
    const value = env[variable] ?? '';
    if (value.length < CONCEALED_LENGTH_MIN) return concealed;
    return concealed.replaceAll(value, () => `\${env:${variable}}`);
  }, text);
}

/** Makes `${env:` in a foreign answer plain text, so that no site can have our variables sent to it. */
export function neutraliseReferences(text: string): string {
  return text.replaceAll('${env:', '%24{env:');
}
