import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { transformWithOxc, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Packs every file beside itself, at the best quality: at build there is time for it. */
function brotli(): Plugin {
  return {
    name: 'brotli',
    apply: 'build',
    writeBundle({ dir }) {
      const packed = readdirSync(dir!, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|css|html)$/.test(name));
      for (const name of packed) {
        const path = join(dir!, name);
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
    },
  };
}

/** The service worker, with the list of what it keeps. Other files than `sw.js` carry a sum in their names or in its version. */
function serviceWorker(): Plugin {
  const source = 'src/worker/sw.ts';
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const { 'index.html': page, ...others } = bundle;
        if (page?.type !== 'asset') throw new Error('the page is not in the bundle');
        const files = ['/', ...Object.keys(others).map((name) => `/${name}`).sort()];
        const version = createHash('sha256').update(page.source).update(files.join()).digest('hex').slice(0, 16);
        const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source);
        const head = `const VERSION = ${JSON.stringify(version)}, FILES = ${JSON.stringify(files)};\n`;
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: `{\n${head}${code}}\n` });
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte(), svelteTesting(), serviceWorker(), brotli()],
  build: {
    target: 'es2022',
    // One style sheet for the whole site: a page opened later never waits for its own.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // The content security policy allows nothing inline, so nothing may become a data: address.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What the first page needs is one file; what the other pages share is a second one.
            { name: 'entry', tags: ['$initial'], priority: 2 },
            { name: 'shared', minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.ACQUIS_API ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], setupFiles: ['fake-indexeddb/auto'] },
});
