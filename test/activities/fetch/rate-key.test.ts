import { describe, expect, it } from '@jest/globals';
import { rateKeyOf, sourceRequest } from '../../../activities/fetch/index.js';
import { sourceSchema, type SourceInput } from '../../../core/config/source.js';

function sourceOf(input: Partial<SourceInput> & { readonly url: string }) {
  return sourceSchema.parse({ id: 'news', ...input });
}

describe('the limit that a source shares', () => {
  it.each([
    ['https://a.blog.example.co.uk/feed', 'auto', 'example.co.uk'],
    ['http://127.0.0.1:8080/feed', 'auto', 'source:news'],
    ['http://nas.local/feed', 'auto', 'source:news'],
    ['http://localhost/feed', 'auto', 'source:news'],
    ['http://127.0.0.1:8080/feed', 'domain', '127.0.0.1:8080'],
    ['https://a.blog.example.co.uk/feed', 'domain', 'example.co.uk'],
    ['https://a.blog.example.co.uk/feed', 'host', 'a.blog.example.co.uk'],
    ['https://a.blog.example.co.uk/feed', 'source', 'source:news'],
  ] as const)('of %s with scope %s is %s', (url, rate_scope, expected) => {
    expect(rateKeyOf(sourceOf({ url, rate_scope }))).toBe(expected);
  });
});

describe('the request of a source', () => {
  const options = { env: { TOKEN: 't0ken' }, version: '9.9.9', validators: null };

  it('has its secrets filled in and names us', () => {
    const source = sourceOf({
      url: 'https://example.org/feed?key=${env:TOKEN}',
      headers: { 'X-Key': '${env:TOKEN}' },
    });
    expect(sourceRequest(source, options)).toMatchObject({
      url: 'https://example.org/feed?key=t0ken',
      headers: { 'X-Key': 't0ken' },
      userAgent: 'holdfast/9.9.9',
      allowPrivate: false,
    });
  });

  it('gives the contact of the file, unless the source names us itself', () => {
    const agentOf = (contact: string | undefined, user_agent?: string) =>
      sourceRequest(sourceOf({ url: 'https://example.org/', ...(user_agent && { user_agent }) }), {
        ...options,
        contact,
      }).userAgent;
    expect(agentOf('https://example.org/about')).toBe('holdfast/9.9.9 (+https://example.org/about)');
    expect(agentOf('me@example.org')).toBe('holdfast/9.9.9 (+mailto:me@example.org)');
    expect(agentOf('https://example.org/about', 'reader/1')).toBe('reader/1');
    expect(agentOf(undefined)).toBe('holdfast/9.9.9');
  });

  it.each([
    [{ kind: 'feed' }, 'auto', false],
    [{ kind: 'html', item: 'li' }, 'auto', true],
    [{ kind: 'raw' }, 'auto', true],
    [{ kind: 'json', items: 'items' }, 'auto', false],
    [{ kind: 'feed' }, 'obey', true],
    [{ kind: 'html', item: 'li' }, 'ignore', false],
  ] as const)('for %j with robots %s asks robots.txt: %s', (parse, robots, expected) => {
    const source = sourceOf({ url: 'https://example.org/', parse, robots });
    expect(sourceRequest(source, options).obeyRobots).toBe(expected);
  });
});
