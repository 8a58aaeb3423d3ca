import type { Shutdown } from '../shutdown.ts';

/** Starts the loop; it ends with the shutdown. */
export function startLoop(
  shutdown: Shutdown,
  name: string,
  run: (signal: AbortSignal) => Promise<void>,
): void {
  const ending = new AbortController();
  const running = run(ending.signal);
  shutdown.add(name, async () => {
    ending.abort();
    await running;
  });
}
