import { setTimeout as delay } from 'node:timers/promises';
import { freePort, spawnGateway, type GatewayProcess } from '../gateway-process.ts';
import type { Random } from '../seed.ts';

/** What one worker sends at a time, by mail, chat and webhook: as much may be sent twice when it is killed. */
export const IN_FLIGHT = 8 + 8 + 64;

/** Two processes with the role `worker`. */
export interface Workers {
  /** kill -9 of one of the two, at a random moment, again and again; each comes back before the next one dies. */
  killOften(times: number, withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorkers(env: Readonly<Record<string, string>>, random: Random): Promise<Workers> {
  const start = async (): Promise<GatewayProcess> =>
    spawnGateway(await freePort(), { ...env, ROLES: 'worker' });
  const workers = await Promise.all([start(), start()]);
  await Promise.all(workers.map(({ ready }) => ready));
  return {
    async killOften(times, withinMs) {
      for (let kill = 0; kill < times; kill += 1) {
        await delay(random.below(withinMs));
        const victim = random.below(workers.length);
        await workers[victim]?.kill();
        const next = await start();
        workers[victim] = next;
        await next.ready;
      }
    },
    stop: async () => void (await Promise.all(workers.map((worker) => worker.kill()))),
  };
}
