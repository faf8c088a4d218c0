// A proxy before the server, that gives the site out as another version when it is told to.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Front {
  url: string;
  /** From now on the service worker is that of a newer version. */
  renew(): void;
  stop(): Promise<void>;
}

export async function frontOf(server: string): Promise<Front> {
  let renewed = false;
  const front = createServer((asked, answer) => {
    const isWorker = asked.url === '/sw.js';
    // Asked for plainly, so that its text can be changed.
    const headers = isWorker ? { host: asked.headers.host } : asked.headers;
    const forwarded = request(new URL(asked.url!, server), { method: asked.method, headers }, (given) => {
      if (!isWorker) {
        answer.writeHead(given.statusCode!, given.headers);
        given.pipe(answer);
        return;
      }
      let text = '';
      given.setEncoding('utf8').on('data', (part: string) => (text += part));
      given.on('end', () => {
        const { 'content-length': _, ...kept } = given.headers;
        answer.writeHead(given.statusCode!, kept);
        answer.end(renewed ? text.replace(/VERSION = "/, '$&next-') : text);
      });
    });
    forwarded.on('error', () => answer.destroy());
    asked.pipe(forwarded);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    renew: () => (renewed = true),
    stop: () => new Promise((resolve) => {
      front.close(() => resolve());
      front.closeAllConnections();
    }),
  };
}
