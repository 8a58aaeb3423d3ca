import { setTimeout as delay } from 'node:timers/promises';
import { openEventPublisher } from '../harness/event-publisher.ts';
import { openPaybell, openRaw, startBroadcast, type Stage } from '../harness/fan-out-stages.ts';
import { interleave, quantile, type Contestant, type Sample, type Samples } from '../harness/rounds.ts';
import { compare, serverAt, withServers, type Scenario } from '../harness/scenario.ts';
import { startPaybell } from '../harness/servers.ts';
import { startSubscribers } from '../harness/subscribers.ts';

const SOCKETS = { full: 1_000, short: 200 } as const;
const PACED = { full: 20, short: 5 } as const;
const BURST = 50;
const PACE_MS = 100;

/** One event to a thousand sockets: paced, and in a burst (QUALITY, speed D). */
export const eventFanOut: Scenario = {
  name: 'event-fan-out',
  async run({ postgres, isShort, rounds, profileTo }) {
    const databaseUrl = await postgres.createDatabase();
    const sockets = isShort ? SOCKETS.short : SOCKETS.full;
    const paced = isShort ? PACED.short : PACED.full;
    const publisher = openEventPublisher(databaseUrl);
    // In a database of its own: the product must not read the events that the raw server is measured by.
    const elsewhere = openEventPublisher(await postgres.createDatabase());
    const subscribers = await startSubscribers();
    try {
      return await withServers(
        [() => startPaybell({ databaseUrl, profileTo }), startBroadcast],
        async (servers) => {
          const ours = await openPaybell(serverAt(servers, 0), subscribers, publisher, sockets);
          const raw = await openRaw(
            serverAt(servers, 1),
            subscribers,
            elsewhere,
            sockets,
            await ours.group.sample(),
          );
          const stages = [ours, raw];
          const contestants = stages.flatMap((stage) => [pacedRun(stage, paced), burstRun(stage)]);
          const samples = await interleave(contestants, rounds);
          return { samples, ratios: ratiosOf(samples) };
        },
      );
    } finally {
      await subscribers.stop();
      await Promise.all([publisher.stop(), elsewhere.stop()]);
    }
  },
};

const pacedRun = (stage: Stage, events: number): Contestant => ({
  name: `${stage.name} paced`,
  run: () =>
    measure(stage, async (committed) => {
      for (let sent = 0; sent < events; sent++) {
        const n = ++stage.last;
        committed.set(n, await stage.publish([n]));
        await delay(PACE_MS);
      }
    }),
});

const burstRun = (stage: Stage): Contestant => ({
  name: `${stage.name} burst`,
  run: () =>
    measure(stage, async (committed) => {
      const numbers = Array.from({ length: BURST }, () => ++stage.last);
      const at = await stage.publish(numbers);
      for (const n of numbers) committed.set(n, at);
    }),
});

/** Messages a second until the last one came, and the delay of each from its commit. */
async function measure(
  stage: Stage,
  send: (committed: Map<number, number>) => Promise<void>,
): Promise<Sample> {
  const committed = new Map<number, number>();
  const before = await stage.server.child.call<number>('cpu');
  await send(committed);
  const arrivals = await stage.group.arrivals(stage.last);
  const cpu = (await stage.server.child.call<number>('cpu')) - before;
  const delays: number[] = [];
  let end = 0;
  for (const [n, times] of arrivals) {
    for (const time of times) {
      delays.push(time - (committed.get(n) ?? Number.NaN));
      end = Math.max(end, time);
    }
  }
  const sorted = delays.toSorted((a, b) => a - b);
  const seconds = (end - Math.min(...committed.values())) / 1000;
  const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  return { perSecond: delays.length / seconds, p50, p99, cpuMsPerEvent: cpu / committed.size };
}

const ratiosOf = (samples: Samples) => [
  compare(samples, 'fan-out paced, messages', 'paybell paced', 'raw paced'),
  compare(samples, 'fan-out paced, p99', 'raw paced', 'paybell paced', 'p99'),
  compare(samples, 'fan-out burst, messages', 'paybell burst', 'raw burst'),
];
