import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What depends on the colours. */
const ofColours = ['color-contrast', 'link-in-text-block'];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation { id: string; nodes: { target: string[] }[] }

const violations = (page: Page, runOnly: string[]) =>
  page.evaluate(async (runOnly) => {
    const result = await (window as unknown as { axe: { run(where: Document, options: object): Promise<{ violations: Violation[] }> } })
      .axe.run(document, { runOnly });
    return result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join(' | ')}`);
  }, runOnly);

/** Nothing that axe-core knows of, in light and in dark, and no content wider than the window. */
export async function expectAccessible(page: Page) {
  // Until it has its title it is not drawn.
  await page.locator('h1').first().waitFor({ state: 'attached' });
  // Injected by evaluate, it needs no exception in the content security policy.
  await page.evaluate(axe);
  // At the end of the page, what sticks to the bottom of the window covers nothing.
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  expect(await violations(page, tags), page.url()).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, ofColours), `${page.url()} in the dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  // `innerWidth` grows with the content on an emulated phone: compare with the window that was asked for.
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, page.url()).toBeLessThanOrEqual(page.viewportSize()!.width);
}
