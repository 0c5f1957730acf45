// The files of the page: which are served, to whom, and what a browser may do with them.
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withGateway, type ServedGateway } from '../../../support/served-gateway.js';
import { openStore } from '../../../../store/index.js';

async function withPage(use: (gateway: ServedGateway) => Promise<void>, token?: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-page-'));
  const store = await openStore(`sqlite:${join(folder, 'holdfast.db')}`);
  try {
    await withGateway({ store, ...(token === undefined ? {} : { token }) }, use);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const ENTRY = '/dashboard/modules/client/gateway/dashboard/main.js';

describe('the files of the page', () => {
  it('are served with a policy that lets nothing inline and nothing of others run', async () => {
    await withPage(async (gateway) => {
      const page = await gateway.get('/');
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.text).toContain(`src=".${ENTRY}"`);
      expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=/);
      const policy = String(page.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect((await gateway.get('/dashboard/style.css')).headers['content-type']).toMatch(/^text\/css/);
    });
  });

  it('import each other by addresses that are served, down to the last', async () => {
    await withPage(async (gateway) => {
      const open = [ENTRY];
      const seen = new Set(open);
      for (let path = open.pop(); path !== undefined; path = open.pop()) {
        const { status, headers, text } = await gateway.get(path);
        expect([path, status, headers['content-type']]).toEqual([
          path,
          200,
          'text/javascript; charset=utf-8',
        ]);
        for (const [, named = ''] of text.matchAll(/^(?:import|export)\b[^'"\n=]*\bfrom '([^']+)'/gm)) {
          // From module to module: nothing says at which path a proxy serves them.
          expect(named).toMatch(/^\.\.?\//);
          const target = new URL(named, `http://gateway.example${path}`).pathname;
          expect(target).toMatch(/^\/dashboard\/modules\//);
          if (!seen.has(target)) open.push(target);
          seen.add(target);
        }
      }
      expect(seen.size).toBeGreaterThan(30);
      // Of the server, nothing may slip in: a browser could not load it, and would show nothing at all.
      expect([...seen].filter((path) => path.includes('/packages/'))).toEqual([
        '/dashboard/modules/packages/eventsource-parser.js',
      ]);
    });
  });

  it('are not sent again to a browser that has them', async () => {
    await withPage(async (gateway) => {
      const { headers } = await gateway.get(ENTRY);
      expect((await gateway.get(ENTRY, { 'if-none-match': String(headers['etag']) })).status).toBe(304);
      expect((await gateway.get(ENTRY, { 'if-none-match': '"other"' })).status).toBe(200);
    });
  });

  it('are the only files that can be asked for', async () => {
    await withPage(async (gateway) => {
      const others = [
        '/dashboard/modules/package.json',
        '/dashboard/../package.json',
        '/dashboard/modules/client/gateway/app.js',
        '/dashboard/%2e%2e/package.json',
        '/dashboard/',
      ];
      for (const path of others) expect([path, (await gateway.get(path)).status]).toEqual([path, 404]);
    });
  });

  it('are given without the token, which all they show needs', async () => {
    await withPage(async (gateway) => {
      expect((await gateway.get('/')).status).toBe(200);
      expect((await gateway.get(ENTRY)).status).toBe(200);
      expect((await gateway.get('/api/about')).status).toBe(401);
      const { status, json } = await gateway.get('/api/about', {
        authorization: 'Bearer secret-of-the-test',
      });
      expect([status, json()]).toEqual([
        200,
        { version: expect.any(String), namespace: 'default', uiUrl: null },
      ]);
    }, 'secret-of-the-test');
  });
});
