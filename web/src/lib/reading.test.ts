import { expect, it } from 'vitest';
import { decode, mediaKind, renderMarkdown } from './reading';

it.each([
  ['application/pdf', 'pdf'],
  ['image/png', 'picture'],
  ['image/svg+xml', 'other'],
  ['text/plain; charset=windows-1252', 'text'],
  ['text/markdown; charset=utf-8', 'markdown'],
  ['application/zip', 'other'],
])('reads %s as %s', (media_type, kind) => {
  expect(mediaKind({ media_type })).toBe(kind);
});

it('reads both encodings, also where the text is cut within a character', () => {
  const utf8 = new TextEncoder().encode('été');
  expect(decode(utf8.buffer as ArrayBuffer, false)).toBe('été');
  expect(decode(utf8.slice(0, 4).buffer as ArrayBuffer, true)).toBe('ét');
  // The signs of Windows-1252 are for the browser test: Node 20 does not decode them.
  expect(decode(new Uint8Array([0xe9, 0x74, 0xe9]).buffer as ArrayBuffer, false)).toBe('été');
});

async function html(text: string): Promise<string> {
  const box = document.createElement('div');
  box.append(await renderMarkdown(text, 4));
  return box.innerHTML;
}

it('renders nothing that runs, and loads no image', async () => {
  expect(await html('<script>alert(1)</script> <img src=x onerror=alert(1)>')).not.toMatch(/<script|<img/);
  expect(await html('[a](javascript:alert(1))')).not.toContain('javascript');
  expect(await html('![plan](https://ailleurs.example/p.png)')).not.toMatch(/<img|https/);
  expect(await html('[a](https://ailleurs.example)')).toContain('rel="noopener noreferrer"');
});

it('puts headings below those of the page, without a gap', async () => {
  const text = await html('# A\n\n### B\n\n**fort**');
  expect(text).toContain('<h4>A</h4>');
  expect(text).toContain('<h5>B</h5>');
  expect(text).toContain('<strong>fort</strong>');
});
