import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
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

export default defineConfig({
  plugins: [svelte(), svelteTesting(), brotli()],
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
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
