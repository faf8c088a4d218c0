// The real binary, on a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const binary = process.env.ACQUIS_BIN ?? fileURLToPath(new URL('../../target/debug/acquis', import.meta.url));

export interface Server {
  url: string;
  /** Everything that it has printed so far. */
  lines: string[];
  stop(): Promise<void>;
  /** Ends at once, with nothing finished: a power cut. */
  kill(): Promise<void>;
}

interface Start {
  port?: string;
  /** Added to its environment. */
  settings?: Record<string, string>;
}

/** On a free port, unless one is named: a server that comes back after it was stopped. */
export function start(args: string[], { port = '0', settings = {} }: Start = {}): Promise<Server> {
  const child: ChildProcess = spawn(binary, [...args, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...settings },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`acquis ${args.join(' ')} ended with ${code}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      const url = line.match(/^Acquis est ouvert : (http\S+)/)?.[1];
      if (url) resolve({ url, lines, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') });
    });
  });
}
