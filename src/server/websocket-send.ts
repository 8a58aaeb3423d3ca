import type { WebSocket } from 'ws';

/** Sockets that do not read are closed past this many bytes (RFC 6455 code 1013, try again later). */
const MAX_BUFFERED = 1024 * 1024;
const TRY_AGAIN_LATER = 1013;

/** Resolves when the bytes are with the kernel; a slow reader thereby slows its own streams. */
export function sendBounded(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return later();
  if (socket.bufferedAmount > MAX_BUFFERED) {
    socket.close(TRY_AGAIN_LATER, 'Too slow');
    return later();
  }
  // A failed write is followed by the socket's own error and close; the stream ends there.
  return new Promise((resolve) => socket.send(data, () => resolve()));
}

/** Lets other work run: a stream that always has more would otherwise spin until its socket is gone. */
const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
