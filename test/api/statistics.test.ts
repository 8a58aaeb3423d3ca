import { beforeAll, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { seededRandom } from '../fault/seed.ts';
import { rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { cancel, createInvoice, simulatePayment } from '../testkit/shop.ts';
import { join } from '../testkit/team.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
type Variables = operations.FiguresOfInvoicesQueryVariables;

let merchant: DemoMerchant;
let stranger: DemoMerchant;
let second: string;

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
const DAYS = 86_400_000;
/** A week before the first invoice to a month after the last. */
const span = () => ({
  from: dayOf(new Date(Date.now() - 7 * DAYS)),
  to: dayOf(new Date(clock.now().getTime() + 31 * DAYS)),
});

const figures = async (variables: Partial<Variables>, api: ApiClient = merchant.test) =>
  (
    await api.send(operations.FiguresOfInvoicesDocument, {
      ...span(),
      interval: 'DAY',
      mode: 'TEST',
      ...variables,
    })
  ).invoiceStatistics;

beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  stranger = await openMerchant(kit.platform, 'eve@other.example');
  const { merchantId, owner } = merchant;
  const created = await owner.send(operations.ProjectCreateDocument, {
    input: { merchantId, name: 'Second' },
  });
  second = accepted(created.projectCreate, 'Project').id;
  await createInvoice(stranger.test);
});

const UNIT = { DAY: 'day', WEEK: 'week', MONTH: 'month' } as const;
const COLUMN = { STATUS: 'status::text', CURRENCY: 'currency', PROJECT: 'project_id::text' } as const;

/** The same by one statement over the invoices themselves. */
async function inTruth(
  projects: readonly string[],
  interval: keyof typeof UNIT,
  groupBy: readonly (keyof typeof COLUMN)[],
): Promise<string[]> {
  const column = (group: keyof typeof COLUMN) => (groupBy.includes(group) ? COLUMN[group] : 'NULL');
  const money = groupBy.includes('CURRENCY') ? 'sum(amount), sum(amount_paid)' : 'NULL, NULL';
  const { rows } = await kit.database.pool.query<{ line: string }>(
    `SELECT concat_ws(' ', at, status, currency, project, count, amount, paid) AS line FROM (
       SELECT date_trunc('${UNIT[interval]}', created_at AT TIME ZONE 'UTC')::date AS at, ${column('STATUS')} AS status,
         ${column('CURRENCY')} AS currency, ${column('PROJECT')} AS project, count(*), ${money}
       FROM invoice WHERE project_id = ANY ($1::uuid[]) AND mode = 'TEST' GROUP BY 1, 2, 3, 4
     ) AS f (at, status, currency, project, count, amount, paid)`,
    [projects.map(rowIdOf)],
  );
  return rows.map(({ line }) => line).toSorted();
}

const lineOf = (row: Awaited<ReturnType<typeof figures>>[number]): string =>
  [
    row.from,
    row.status,
    row.currency,
    row.project && rowIdOf(row.project.id),
    row.count,
    row.amount?.minorUnits,
    row.amountPaid?.minorUnits,
  ]
    .filter((part) => part !== null && part !== undefined)
    .join(' ');

/** Expiry goes on beside the test: what is asked when nothing changed meanwhile must agree. */
async function expectTrue(
  projects: readonly string[],
  asked: Pick<Variables, 'interval' | 'groupBy'> & Partial<Variables>,
  api?: ApiClient,
): Promise<void> {
  const truth = () => inTruth(projects, asked.interval, [asked.groupBy ?? []].flat());
  for (;;) {
    const before = await truth();
    const answer = (await figures(asked, api)).map(lineOf).toSorted();
    if ((await truth()).join() !== before.join()) continue;
    expect(answer).toEqual(before);
    return;
  }
}

test('are what the invoices say, whatever happens to them', async () => {
  const random = seededRandom();
  const open: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    const some = open[random.below(open.length)];
    const action = random.below(6);
    if (action < 2 || !some) {
      const currency = random.pick(['USD', 'USDT', 'ETH'] as const);
      open.push((await createInvoice(merchant.test, { amount: '3', currency })).id);
    } else if (action === 2) {
      const quote = await merchant.test.send(operations.QuoteCreateDocument, {
        input: { invoiceId: some, asset: 'USDT', network: 'ETHEREUM' },
      });
      if (quote.quoteCreate.__typename === 'Quote') {
        await simulatePayment(merchant.test, some, quote.quoteCreate.id, random.pick(['1', '3', '9']));
      }
    } else if (action === 3) {
      await cancel(merchant.test, some);
    } else if (action === 4) {
      clock.advance({ hours: random.below(30) });
    }
    const groupBy = (['STATUS', 'CURRENCY', 'PROJECT'] as const).filter(() => random.below(2) === 0);
    await expectTrue([merchant.projectId], { interval: random.pick(['DAY', 'WEEK', 'MONTH']), groupBy });
  }
});

describe('the rows', () => {
  test('are of several projects, and tell them apart if asked', async () => {
    const { merchantId, projectId } = merchant;
    const owner = kit.platform.api.as(await signIn(kit.platform, merchant.email));
    await createInvoice(owner, { projectId: second, mode: 'TEST' });
    const both = [projectId, second];
    await expectTrue(both, { merchantId, interval: 'MONTH', groupBy: ['PROJECT', 'STATUS'] }, owner);
    await expectTrue(both, { projectIds: both, interval: 'DAY' }, owner);
    await expectTrue([second], { projectIds: [second], interval: 'WEEK', groupBy: ['CURRENCY'] }, owner);
  });

  test('have sums for a currency only', async () => {
    const [row] = await figures({ interval: 'MONTH', groupBy: ['STATUS'] });
    expect(row).toMatchObject({ amount: null, amountPaid: null, currency: null, project: null });
  });

  test('are of the days that were asked for, first and last included', async () => {
    const all = await figures({});
    const days = all.map(({ from }) => from);
    expect(days.length).toBeGreaterThan(2);
    const [, from] = days;
    const to = days.at(-2);
    if (from === undefined || to === undefined) throw new Error('too few days');
    expect((await figures({ from, to })).map((row) => row.from)).toEqual(days.slice(1, -1));
    expect(await figures({ mode: 'TEST', from: '2020-01-01', to: '2020-12-31' })).toEqual([]);
  });
});

describe('what cannot be asked', () => {
  test.each<[string, () => Partial<Variables>]>([
    ['the last day before the first', () => ({ from: '2026-05-02', to: '2026-05-01' })],
    ['more than five years', () => ({ from: '2020-01-01', to: '2026-01-01' })],
    ['projects and merchant', () => ({ projectIds: [merchant.projectId], merchantId: merchant.merchantId })],
    ['another project', () => ({ projectIds: [second] })],
    ['somebody else’s project', () => ({ projectIds: [stranger.projectId] })],
    ['somebody else’s merchant', () => ({ merchantId: stranger.merchantId })],
    ['the other mode', () => ({ mode: 'LIVE' as const })],
  ])('%s is refused', async (_what, variables) => {
    expect(await errorCodes(figures(variables()))).toEqual(['INVALID_INPUT']);
  });

  test.each(['2026-02-30', '2026-13-01', '20260501', '0000-01-01', '2026-05-01T00:00:00Z', ''])(
    '%j is no day',
    async (from) => {
      expect((await errorCodes(figures({ from })))[0]).toMatch(/^BAD_/);
    },
  );
});

test('a restricted member sees the own projects, a stranger nothing', async () => {
  const sessionToken = await signIn(kit.platform, merchant.email);
  const owner = kit.platform.api.as(sessionToken);
  const { api } = await join(kit, { ...merchant, owner }, 'rex@shop.example', { projectIds: [second] });
  const { merchantId } = merchant;
  await expectTrue([second], { merchantId, interval: 'DAY' }, api);
  expect(await errorCodes(figures({ projectIds: [merchant.projectId] }, api))).toEqual(['INVALID_INPUT']);
  const eve = kit.platform.api.as(await signIn(kit.platform, stranger.email));
  expect(await errorCodes(figures({ merchantId }, eve))).toEqual(['INVALID_INPUT']);
  expect(await errorCodes(figures({}, kit.platform.api))).toEqual(['UNAUTHENTICATED']);
});
