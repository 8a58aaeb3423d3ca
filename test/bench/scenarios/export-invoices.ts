import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { sharedNow } from '../children/answer-parent.ts';
import { interleave, spread, type Contestant, type Sample, type Samples } from '../harness/rounds.ts';
import { compare, serverAt, withServers, type Ratio, type Scenario } from '../harness/scenario.ts';
import { seedInvoices, settle } from '../harness/seed-invoices.ts';
import { SHOPS, type Shop } from '../harness/seed-merchant.ts';
import { startPaybell, type Server } from '../harness/servers.ts';

const SIZES = { full: { small: 10_000, large: 1_000_000 }, short: { small: 1_000, large: 5_000 } } as const;
/** A whole export is one turn, and a long one says enough in a few. */
const MOST_ROUNDS = 3;
/** Looks at the memory of the server in one export. */
const LOOKS = 40;

/** Every invoice of a project as JSONL: rows a second and what the server holds while it goes on (FEATURES E4). */
export const exportInvoices: Scenario = {
  name: 'export-invoices',
  async run({ postgres, isShort, rounds, profileTo }) {
    const databaseUrl = await postgres.createDatabase();
    const sizes = isShort ? SIZES.short : SIZES.full;
    await seedInvoices(databaseUrl, SHOPS.small, sizes.small);
    await seedInvoices(databaseUrl, SHOPS.large, sizes.large);
    await settle(databaseUrl);
    return withServers([() => startPaybell({ databaseUrl, profileTo })], async (servers) => {
      const server = serverAt(servers, 0);
      const contestants: Contestant[] = [
        { name: 'export small', run: () => exportAll(server, SHOPS.small, sizes.small) },
        { name: 'export large', run: () => exportAll(server, SHOPS.large, sizes.large) },
      ];
      const samples = await interleave(contestants, Math.min(rounds, MOST_ROUNDS));
      return { samples, ratios: ratiosOf(samples) };
    });
  },
};

/** One export, every row checked: the newest invoice first, each once. */
async function exportAll({ url, child }: Server, shop: Shop, count: number): Promise<Sample> {
  const begun = sharedNow();
  const rss: number[] = [];
  const heap: number[] = [];
  const every = Math.ceil(count / LOOKS);
  let left = count;
  for await (const line of createInterface({ input: await open(url, shop) })) {
    if (!line.startsWith(`{"orderId":"order-${left}",`)) throw new Error(`not the row of ${left}: ${line}`);
    left -= 1;
    if (left % every !== 0) continue;
    const held = await child.call<{ rss: number; heap: number }>('memory');
    rss.push(held.rss);
    heap.push(held.heap);
  }
  if (left !== 0) throw new Error(`the export ended ${left} rows early`);
  return {
    rowsPerSecond: (count * 1000) / (sharedNow() - begun),
    rss: firstOverLast(rss),
    heap: firstOverLast(heap),
    rssMiB: Math.max(...rss) / 2 ** 20,
  };
}

async function open(url: string, { key }: Shop): Promise<IncomingMessage> {
  const columns = 'orderId,id,status,amount,currency,amountPaid,description,createdAt,paidAt';
  const request = get(`${url}/export/invoices.jsonl?columns=${columns}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`the export was refused with ${response.statusCode}`);
  return response;
}

/** The most that was held in the first quarter over the most in the last one. */
function firstOverLast(held: readonly number[]): number {
  const quarter = Math.ceil(held.length / 4);
  return Math.max(...held.slice(0, quarter)) / Math.max(...held.slice(-quarter));
}

const ratiosOf = (samples: Samples): Ratio[] => [
  compare(samples, 'export rows, large over small', 'export large', 'export small', 'rowsPerSecond'),
  ...(['rss', 'heap'] as const).map((figure) => ({
    name: `export ${figure}, first over last quarter`,
    over: 'export large, first quarter',
    under: 'export large, last quarter',
    figure,
    value: spread((samples.get('export large') ?? []).map((sample) => sample[figure] ?? Number.NaN)),
  })),
];
