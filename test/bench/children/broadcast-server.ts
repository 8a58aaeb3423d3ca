import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerParent } from './answer-parent.ts';

/** What sending bytes to many sockets costs at least: `ws` and nothing else. */
const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
await once(sockets, 'listening');

answerParent(
  {
    url: () => `http://127.0.0.1:${(sockets.address() as AddressInfo).port}`,
    broadcast(frames: readonly string[]) {
      for (const frame of frames) for (const socket of sockets.clients) socket.send(frame);
    },
  },
  async () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  },
);
