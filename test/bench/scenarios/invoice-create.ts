import { httpContestant, startBare, startPaybell } from '../harness/servers.ts';
import { compare, dataOf, serverAt, withServers, type Scenario } from '../harness/scenario.ts';
import { interleave, type Contestant } from '../harness/rounds.ts';
import { run } from '../harness/bench-database.ts';
import { SHOPS } from '../harness/seed-merchant.ts';
import type { Exchange } from '../harness/http-load.ts';

const MUTATION = `mutation InvoiceCreate($input: InvoiceCreateInput!) {
  invoiceCreate(input: $input) {
    __typename
    ... on Invoice { id status amount { minorUnits currency { code } } orderId }
  }
}`;

/** A new invoice with its event and its idempotency key, on the disk when it is answered (QUALITY, speed C). */
export const invoiceCreate: Scenario = {
  name: 'invoice-create',
  async run({ postgres, rounds, milliseconds, profileTo }) {
    const urls = [
      await postgres.createDatabase(),
      await postgres.createDatabase(),
      await postgres.createDatabase(),
    ];
    const [ours = '', transaction = '', statement = ''] = urls;
    const starts = [
      () => startPaybell({ databaseUrl: ours, profileTo }),
      () => startBare({ databaseUrl: transaction }),
      () => startBare({ databaseUrl: statement }),
    ];
    return withServers(starts, async (servers) => {
      const contestants = [
        httpContestant('paybell', serverAt(servers, 0), milliseconds, byGraphQL),
        httpContestant('transaction', serverAt(servers, 1), milliseconds, () =>
          byPath('/create-by-transaction'),
        ),
        httpContestant('statement', serverAt(servers, 2), milliseconds, () => byPath('/create-by-statement')),
      ].map((contestant, place) => counted(contestant, urls[place] ?? ''));
      const samples = await interleave(contestants, rounds);
      return {
        samples,
        ratios: ['transaction', 'statement'].map((under) =>
          compare(samples, `create over ${under}`, 'paybell', under),
        ),
      };
    });
  },
};

interface Created {
  readonly invoiceCreate: { readonly __typename: string; readonly orderId?: string };
}

let created = 0;

function exchange(path: string, bodyOf: (orderId: string) => unknown): Exchange {
  const orderId = `order-${++created}`;
  return {
    path,
    key: SHOPS.plain.key,
    body: JSON.stringify(bodyOf(orderId)),
    check(body) {
      const { invoiceCreate: made } = dataOf(body) as Created;
      if (made.__typename !== 'Invoice' || made.orderId !== orderId) throw new Error(`not created: ${body}`);
    },
  };
}

const byGraphQL = (): Exchange =>
  exchange('/graphql', (orderId) => ({
    query: MUTATION,
    variables: { input: { amount: '10.00', currency: 'EUR', orderId, idempotencyKey: `key-of-${orderId}` } },
  }));

const byPath = (path: string): Exchange =>
  exchange(path, (orderId) => ({
    amount: 1000,
    currency: 'EUR',
    orderId,
    idempotencyKey: `key-of-${orderId}`,
  }));

/** After each turn the database must hold one invoice, one event and one key for each answer, and nothing else. */
function counted(contestant: Contestant, databaseUrl: string): Contestant {
  let answers = 0;
  return {
    name: contestant.name,
    async run() {
      const sample = await contestant.run();
      answers += sample['answers'] ?? 0;
      const { rows } = await run(
        databaseUrl,
        `SELECT (SELECT count(*) FROM invoice)::int AS invoices, (SELECT count(*) FROM event)::int AS events,
           (SELECT count(*) FROM idempotency_key)::int AS keys`,
      );
      const wrong = Object.entries(rows[0] ?? { none: 0 }).filter(([, count]) => count !== answers);
      if (wrong.length > 0) throw new Error(`${answers} answers, but ${JSON.stringify(rows[0])}`);
      return sample;
    },
  };
}
