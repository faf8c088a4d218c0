// How a file is read in the page.
import { firstBytes } from '../api/client';
import type { FileInfo } from '../api/types';
import { more } from '../i18n/more.svelte';

export type MediaKind = 'pdf' | 'picture' | 'text' | 'markdown' | 'other';

export function mediaKind({ media_type }: Pick<FileInfo, 'media_type'>): MediaKind {
  if (media_type === 'application/pdf') return 'pdf';
  if (/^image\/(png|jpeg|gif|webp|avif)$/.test(media_type)) return 'picture';
  if (media_type.startsWith('text/markdown')) return 'markdown';
  return media_type.startsWith('text/') ? 'text' : 'other';
}

/** Enough to read; a longer text is downloaded. */
const limit = 500_000;

/** UTF-8 where it is one as a whole, else the encoding of older Windows programs: the first bytes alone may not tell. */
export function decode(bytes: ArrayBuffer, more: boolean): string {
  try {
    // What is cut may end in the middle of a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: more });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export async function readText(path: string): Promise<{ text: string; more: boolean }> {
  const { bytes, more } = await firstBytes(path, limit);
  return { text: decode(bytes, more), more };
}

/**
 * Markdown as nodes to put in a page. The renderer escapes HTML and drops addresses that run something; images are
 * named, not loaded, since they would tell a foreign host who reads; headings continue those of the page.
 */
export async function renderMarkdown(text: string, level: number): Promise<DocumentFragment> {
  const { micromark } = await import('micromark');
  // A document of its own loads and runs nothing while it is mended.
  const { body } = new DOMParser().parseFromString(micromark(text), 'text/html');
  for (const image of body.querySelectorAll('img')) image.replaceWith(more.evidenceFull.imageAlt(image.alt));
  for (const link of body.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  for (const block of body.querySelectorAll('pre')) block.tabIndex = 0;
  const headings = [...body.querySelectorAll('h1, h2, h3, h4, h5, h6')];
  const ranks = [...new Set(headings.map(({ tagName }) => tagName))].sort();
  for (const heading of headings) {
    const moved = document.createElement(`h${Math.min(6, level + ranks.indexOf(heading.tagName))}`);
    moved.replaceChildren(...heading.childNodes);
    heading.replaceWith(moved);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}
