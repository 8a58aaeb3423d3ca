import { setTimeout as delay } from 'node:timers/promises';
import { startShopEndpoints, type ShopEndpoints } from '../../testkit/shop-endpoints.ts';
import { openEventPublisher, type EventPublisher } from '../harness/event-publisher.ts';
import { interleave, quantile, type Contestant, type Sample } from '../harness/rounds.ts';
import { compare, type BenchContext, type Scenario } from '../harness/scenario.ts';
import { seedEndpoints } from '../harness/seed-endpoints.ts';
import { invoiceId, seedInvoices } from '../harness/seed-invoices.ts';
import { SHOPS } from '../harness/seed-merchant.ts';
import { BENCH_KEY, startWorker, type Server } from '../harness/servers.ts';

const ENDPOINTS = Array.from({ length: 10 }, (_, place) => `endpoint-${place}`);
const DEAD = 'endpoint-9';
const BURST = { full: 100, short: 10 } as const;
/** That many at a time, each of which every endpoint is told. */
const PACED = { full: 40, short: 5 } as const;
const PACE_MS = 100;
const LOOK_MS = 5;

/** What an endpoint that never answers costs the others (QUALITY, speed E). */
export const webhooks: Scenario = {
  name: 'webhooks',
  async run(context) {
    const stages: Stage[] = [];
    try {
      stages.push(await openStage(context, 'all answer', () => false));
      stages.push(await openStage(context, 'one is dead', (endpoint) => endpoint === DEAD));
      const form = context.isShort ? 'short' : 'full';
      const contestants = stages.flatMap((stage) => [
        contestant(stage, 'burst', BURST[form], 0),
        contestant(stage, 'paced', PACED[form], PACE_MS),
      ]);
      const samples = await interleave(contestants, context.rounds);
      return {
        samples,
        ratios: [
          compare(samples, 'a dead endpoint, burst', 'one is dead burst', 'all answer burst'),
          compare(samples, 'a dead endpoint, p99', 'all answer paced', 'one is dead paced', 'p99'),
        ],
      };
    } finally {
      await Promise.all(stages.map((stage) => stage.stop()));
    }
  },
};

/** A worker of the product with a database and ten endpoints of its own. */
interface Stage {
  readonly name: string;
  readonly server: Server;
  readonly publisher: EventPublisher;
  readonly receiver: ShopEndpoints;
  /** How many requests of the endpoints that answer in either stage have been looked at. */
  seen: number;
  stop(): Promise<void>;
}

async function openStage(
  { postgres, profileTo }: BenchContext,
  name: string,
  hangs: (endpoint: string) => boolean,
): Promise<Stage> {
  const databaseUrl = await postgres.createDatabase();
  await seedInvoices(databaseUrl, SHOPS.plain, 1);
  const receiver = await startShopEndpoints(hangs);
  await seedEndpoints(databaseUrl, BENCH_KEY, ENDPOINTS.map(receiver.urlOf));
  const publisher = openEventPublisher(databaseUrl, invoiceId(SHOPS.plain.series, 1));
  const server = await startWorker({ databaseUrl, profileTo });
  return {
    name,
    server,
    publisher,
    receiver,
    seen: 0,
    stop: async () => void (await Promise.all([server.child.stop(), receiver.stop(), publisher.stop()])),
  };
}

/** Requests a second to the nine endpoints that answer in both stages, and the delay of each from the commit. */
const contestant = (stage: Stage, what: string, events: number, paceMs: number): Contestant => ({
  name: `${stage.name} ${what}`,
  async run(): Promise<Sample> {
    const before = await stage.server.child.call<number>('cpu');
    const commits: number[] = [];
    const numbers = Array.from({ length: events }, (_, n) => n);
    for (const batch of paceMs === 0 ? [numbers] : numbers.map((n) => [n])) {
      commits.push(...batch.map(() => Date.now()));
      await stage.publisher.commit(batch);
      stage.publisher.announce();
      if (paceMs > 0) await delay(paceMs);
    }
    const arrived = await arrivals(stage, events);
    const cpu = (await stage.server.child.call<number>('cpu')) - before;
    const begun = commits[0] ?? Number.NaN;
    const seconds = (Math.max(...arrived) - begun) / 1000;
    // Each endpoint's requests may come in any order: the delays are those from the commits in their order.
    const delays = arrived.map(
      (at, place) => at - (commits[Math.floor(place / (ENDPOINTS.length - 1))] ?? at),
    );
    const sorted = delays.toSorted((a, b) => a - b);
    return {
      perSecond: arrived.length / seconds,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      cpuMsPerRequest: cpu / arrived.length,
    };
  },
});

/** When the requests of this turn came, ascending; each endpoint gets each event once. */
async function arrivals(stage: Stage, events: number): Promise<number[]> {
  const healthy = () => stage.receiver.requests.filter(({ endpoint }) => endpoint !== DEAD);
  const wanted = events * (ENDPOINTS.length - 1);
  while (healthy().length < stage.seen + wanted) await delay(LOOK_MS);
  const mine = healthy().slice(stage.seen);
  const different = new Set(mine.map(({ endpoint, id }) => `${endpoint} ${id}`));
  if (mine.length !== wanted || different.size !== wanted) throw new Error(`${stage.name}: sent twice`);
  stage.seen += wanted;
  return mine.map(({ at }) => at).toSorted((a, b) => a - b);
}
