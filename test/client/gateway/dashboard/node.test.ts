// What strangers wrote is shown as text and never becomes code or an address of another kind.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { h, isSafeAddress, outsideLink } from '../../../../client/gateway/dashboard/dom/node.js';

describe('a described element', () => {
  it('takes no attribute that would be run', () => {
    const { attributes } = h('a', { onclick: 'alert(1)', href: 'javascript:alert(1)', title: 'kept' });
    expect(attributes).toEqual({ title: 'kept' });
  });

  it('leaves out what is absent and keeps text as it is', () => {
    const { attributes, children } = h('p', { hidden: false, id: null, lang: 'en' }, '<b>', null, false, [
      'a',
      '',
    ]);
    expect(attributes).toEqual({ lang: 'en' });
    expect(children).toEqual(['<b>', 'a']);
  });

  it('has only addresses of the web and of the page itself', () => {
    expect(
      ['https://a.example/', 'http://a.example', '#jobs', '/api/jobs', 'blob:x'].every(isSafeAddress),
    ).toBe(true);
    const others = [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      '//a.example',
      'vbscript:x',
    ];
    expect(others.filter(isSafeAddress)).toEqual([]);
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['ftp', 'file', 'ws'] }), (address) => {
        expect(outsideLink(address, 'text')).toBe('text');
      }),
    );
  });

  it('leads outside without telling where from', () => {
    expect(outsideLink('https://a.example/', 'a')).toMatchObject({
      attributes: { href: 'https://a.example/', rel: 'noopener noreferrer', target: '_blank' },
    });
  });
});
