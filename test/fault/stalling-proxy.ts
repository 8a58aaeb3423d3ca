import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface StallingProxy {
  readonly port: number;
  /** From now on connections are held open, those there are and new ones, and nothing that is said passes. */
  stall(): void;
  /** Cuts the connections that there are; new ones pass. */
  cut(): void;
  stop(): Promise<void>;
}

/** Passes TCP connections on to a port of this machine, until it is told to leave callers waiting. */
export async function startStallingProxy(target: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let stalling = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // A cut on either side is what this is for.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((caller) => {
    keep(caller);
    if (stalling) return void caller.resume();
    const onward = connect(target, '127.0.0.1');
    keep(onward);
    caller.on('data', (data) => void (stalling || onward.write(data)));
    onward.on('data', (data) => void (stalling || caller.write(data)));
    caller.once('close', () => onward.destroy());
    onward.once('close', () => stalling || caller.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    port: address.port,
    stall: () => {
      stalling = true;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
