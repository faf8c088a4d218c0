// One demonstration is filled before the tests; each test starts on a copy of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './server.ts';

export default async function globalSetup() {
  const folder = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
  process.env.ACQUIS_DEMO_TEMPLATE = join(folder, 'demo');
  const server = await start(['demo', '--data', process.env.ACQUIS_DEMO_TEMPLATE]);
  await server.stop();
  return () => rmSync(folder, { recursive: true, force: true });
}
