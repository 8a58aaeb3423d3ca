import { run } from '../harness/bench-database.ts';
import type { Exchange } from '../harness/http-load.ts';
import { runOnce } from '../harness/http-once.ts';
import { interleave, type Contestant, type Samples } from '../harness/rounds.ts';
import {
  compare,
  dataOf,
  serverAt,
  withServers,
  type BenchContext,
  type Scenario,
} from '../harness/scenario.ts';
import { settle } from '../harness/seed-invoices.ts';
import { SHOPS, type Shop } from '../harness/seed-merchant.ts';
import { isConfirmed, payoutId, seedPayouts, seedTestBalance, TEST_KEY } from '../harness/seed-payouts.ts';
import { httpContestant, startBare, startPaybell, type Server } from '../harness/servers.ts';

const SIZES = { full: { small: 10_000, large: 100_000 }, short: { small: 1_000, large: 5_000 } } as const;
const FIRST = 20;
const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

const CREATE = `mutation PayoutCreate($input: PayoutRequestInput!) {
  payoutCreate(input: $input) { __typename ... on Payout { id status reference } }
}`;
const PAGE = `query Page($first: Int, $last: Int, $after: String) {
  payouts(first: $first, last: $last, after: $after, filter: { status: [CONFIRMED], currency: USDT }) {
    edges { cursor node { id status reference arrives { minorUnits currency { code } } address txId createdAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** A new payout with its postings, events and key (as QUALITY, speed C), and filtered pages of short and long lists (G). */
export const payouts: Scenario = {
  name: 'payouts',
  async run(context) {
    const { postgres, isShort, rounds, milliseconds, profileTo } = context;
    const [ours, bare] = [await postgres.createDatabase(), await postgres.createDatabase()];
    for (const url of [ours, bare]) await seedTestBalance(url);
    const lists = await postgres.createDatabase();
    const sizes = isShort ? SIZES.short : SIZES.full;
    await seedPayouts(lists, SHOPS.small, sizes.small);
    await seedPayouts(lists, SHOPS.large, sizes.large);
    await settle(lists);
    const starts = [
      () => startPaybell({ databaseUrl: ours, profileTo }),
      () => startBare({ databaseUrl: bare }),
      () => startPaybell({ databaseUrl: lists, profileTo }),
    ];
    return withServers(starts, async (servers) => {
      const creating = [
        counted(httpContestant('paybell', serverAt(servers, 0), milliseconds, byGraphQL), ours),
        counted(httpContestant('statement', serverAt(servers, 1), milliseconds, byPath), bare),
      ];
      const paging = await pages(serverAt(servers, 2), context, sizes);
      const samples = await interleave([...creating, ...paging], rounds);
      return { samples, ratios: ratiosOf(samples) };
    });
  },
};

const ratiosOf = (samples: Samples) => [
  compare(samples, 'payout create over statement', 'paybell', 'statement'),
  compare(samples, 'large over small, payouts first', 'first large', 'first small'),
  compare(samples, 'large over small, payouts deep', 'deep large', 'deep small'),
];

let made = 0;

function exchange(path: string, bodyOf: (reference: string) => unknown): Exchange {
  const reference = `salary-${++made}`;
  return {
    path,
    key: TEST_KEY,
    body: JSON.stringify(bodyOf(reference)),
    check(body) {
      const { payoutCreate: payout } = dataOf(body) as {
        payoutCreate: { __typename: string; status?: string; reference?: string };
      };
      if (payout.status !== 'QUEUED' || payout.reference !== reference) throw new Error(`not made: ${body}`);
    },
  };
}

const byGraphQL = (): Exchange =>
  exchange('/graphql', (reference) => ({
    query: CREATE,
    variables: {
      input: {
        currency: 'USDT',
        network: 'ETHEREUM',
        address: ADDRESS,
        amount: '1',
        reference,
        idempotencyKey: `key-of-${reference}`,
      },
    },
  }));

const byPath = (): Exchange =>
  exchange('/pay-out-by-statement', (reference) => ({
    amount: 1_000_000,
    address: ADDRESS,
    reference,
    idempotencyKey: `key-of-${reference}`,
  }));

/** After each turn there must be as many payouts and keys as answers, and twice as many postings and events. */
function counted(contestant: Contestant, databaseUrl: string): Contestant {
  let answers = 0;
  return {
    name: contestant.name,
    async run() {
      const sample = await contestant.run();
      answers += sample['answers'] ?? 0;
      const { rows } = await run(
        databaseUrl,
        `SELECT (SELECT count(*) FROM payout)::int AS payouts, (SELECT count(*) FROM idempotency_key)::int AS keys,
           (SELECT count(*) FROM posting)::int / 2 AS postings, (SELECT count(*) FROM event)::int / 2 AS events`,
      );
      const wrong = Object.values(rows[0] ?? { none: 0 }).filter((count) => count !== answers);
      if (wrong.length > 0) throw new Error(`${answers} answers, but ${JSON.stringify(rows[0])}`);
      return sample;
    },
  };
}

interface Page {
  readonly payouts: { readonly edges: readonly { cursor: string; node: { id: string } }[] };
}

/** The first page and the last but one of each list, by the cursor that the server gives for it. */
async function pages(
  server: Server,
  { milliseconds }: BenchContext,
  sizes: { readonly small: number; readonly large: number },
): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const size of ['small', 'large'] as const) {
    const shop = SHOPS[size];
    const ids = Array.from({ length: sizes[size] }, (_, n) => sizes[size] - n)
      .filter(isConfirmed)
      .map((n) => Buffer.from(`Payout:${payoutId(shop.series, n)}`).toString('base64url'));
    const from = ids.length - 2 * FIRST;
    const end = asked(shop, ids.slice(from - 1), { last: 2 * FIRST + 1 });
    const after = (dataOf(await runOnce(server.url, end)) as Page).payouts.edges[0]?.cursor;
    const first = asked(shop, ids.slice(0, FIRST), { first: FIRST });
    const deep = asked(shop, ids.slice(from, from + FIRST), { first: FIRST, after });
    contestants.push(
      httpContestant(`first ${size}`, server, milliseconds, () => first),
      httpContestant(`deep ${size}`, server, milliseconds, () => deep),
    );
  }
  return contestants;
}

function asked({ key }: Shop, expected: readonly string[], variables: object): Exchange {
  return {
    path: '/graphql',
    key,
    body: JSON.stringify({ query: PAGE, variables }),
    check(text) {
      const ids = (dataOf(text) as Page).payouts.edges.map(({ node }) => node.id);
      if (ids.length !== expected.length || ids.some((id, place) => id !== expected[place]))
        throw new Error(`not the page that was asked for: ${text.slice(0, 1000)}`);
    },
  };
}
