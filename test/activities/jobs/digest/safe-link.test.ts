import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageOf, safeLink } from '../../../../activities/jobs/digest/safe-link.js';

describe('a link of an item', () => {
  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt://example.org/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'ftp://example.org/file',
    'magnet:?xt=urn:btih:abc',
    '//example.org/relative',
    `https://example.org/${'x'.repeat(3_000)}`,
    '',
  ])('is dropped unless it is of http or https: %s', (written) => {
    expect(safeLink(written)).toBeNull();
  });

  it('loses a name that pretends to be a host', () => {
    expect(safeLink('https://bank.example:secret@evil.example/login')).toBe('https://evil.example/login');
  });

  it('holds nothing with which it could break out of where it stands', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        const link = safeLink(`https://example.org/${rest}`);
        expect(link ?? '').not.toMatch(/[\s<>"'()]/);
        expect(link === null || pageOf(link) === null || typeof pageOf(link) === 'string').toBe(true);
      }),
    );
  });
});
