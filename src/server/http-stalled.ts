import type { ServerResponse } from 'node:http';

/** Milliseconds that an event stream waits for its reader to take what was sent. */
const STALL_MS = 15_000;

/**
 * Cuts a stream whose reader stopped reading: nothing more is sent to it until it reads on, so no send would notice.
 * It is closed between one and two bounds after it stopped. What it missed is read again by its cursor.
 */
export function cutWhenStalled(response: ServerResponse, boundMs: number = STALL_MS): void {
  let before = -1;
  const timer = setInterval(() => {
    const written = response.socket?.bytesWritten ?? 0;
    if (response.writableLength > 0 && written === before) response.destroy();
    before = written;
  }, boundMs);
  timer.unref();
  response.once('close', () => clearInterval(timer));
}
