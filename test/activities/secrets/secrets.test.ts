import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  concealSecrets,
  expandSecrets,
  MissingSecretError,
  neutraliseReferences,
  redact,
  secretsIn,
} from '../../../activities/secrets/index.js';

const env = { KEY: 'hunter2hunter2', USER: 'alice', EMPTY: '', NESTED: '${env:KEY}' };

describe('expanding secrets', () => {
  it('replaces every reference by the value of the variable', () => {
    expect(expandSecrets('rtmp://x/${env:USER}?k=${env:KEY}&again=${env:KEY}', env)).toBe(
      'rtmp://x/alice?k=hunter2hunter2&again=hunter2hunter2',
    );
  });

  it('leaves everything else as it is, also what looks similar', () => {
    const text = '$KEY ${KEY} ${env:} ${env:1X} ${ENV:KEY} 100%';
    expect(expandSecrets(text, env)).toBe(text);
  });

  it('does not expand what a variable holds', () => {
    expect(expandSecrets('${env:NESTED}', env)).toBe('${env:KEY}');
  });

  it.each(['ABSENT', 'EMPTY'])('names the variable that is not set: %s', (variable) => {
    let thrown: unknown;
    try {
      expandSecrets(`x\${env:${variable}}`, env);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MissingSecretError);
    expect((thrown as MissingSecretError).variable).toBe(variable);
    expect((thrown as MissingSecretError).message).toContain(`${variable} is not set`);
  });
});

describe('keeping secrets out of texts', () => {
  it('finds the values that a text refers to', () => {
    expect(secretsIn('${env:KEY} ${env:ABSENT} ${env:EMPTY} ${env:USER} ${env:KEY}', env)).toEqual([
      'hunter2hunter2',
      'alice',
    ]);
  });

  it('removes a secret in every spelling, the longest first', () => {
    const secrets = ['a b/c"', 'a b'];
    expect(redact('a b/c" a%20b%2Fc%22 a b/c\\" a b', secrets)).toBe('*** *** *** ***');
  });

  it('never leaves a secret behind, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4 }).filter((secret) => !'***'.includes(secret) && !secret.includes('*')),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          expect(redact(`${before}${secret}${after}`, [secret])).not.toContain(secret);
        },
      ),
    );
  });

  it('puts the reference back where a site repeats the secret', () => {
    expect(concealSecrets('https://cdn/x?key=hunter2hunter2', 'Bearer ${env:KEY}', env)).toBe(
      'https://cdn/x?key=${env:KEY}',
    );
  });

  it('leaves short values alone, which stand in addresses by chance', () => {
    expect(concealSecrets('https://alice.example/x', '${env:USER}', env)).toBe('https://alice.example/x');
  });

  it('does not let a site name variables of ours', () => {
    const url = neutraliseReferences('https://evil.example/?x=${env:KEY}');
    expect(expandSecrets(url, env)).toBe(url);
    expect(url).not.toContain('${env:');
  });
});
