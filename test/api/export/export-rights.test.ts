import { beforeAll, expect, test } from 'vitest';
import type { Actor, Mode } from '../../../src/domain/access/actor.ts';
import { may, type Right } from '../../../src/domain/access/rights.ts';
import { everybody, type ApiCaller } from '../access-matrix/callers.ts';
import { openWorld, rowId, type World } from '../access-matrix/world.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { askExport, exported, type Asked } from './export-kit.ts';

const kit = usePlatform();
let world: World;
let callers: readonly ApiCaller[];
beforeAll(async () => {
  world = await openWorld(kit);
  callers = await everybody(world);
});

interface ListRow {
  readonly asked: (mode: Mode) => Asked;
  readonly isOpen: (actor: Actor, mode: Mode) => boolean;
}

const place = () => ({ merchantId: rowId(world.merchantId), projectId: rowId(world.projectId) });
const ofProject = (asked: Right): ListRow => ({
  asked: (mode) => ({ projectId: world.projectId, mode }),
  isOpen: (actor, mode) => may(actor, asked, { ...place(), mode }),
});

/** A key asks for the rows of its own project. */
const ofMerchant = (asked: Right): ListRow => ({
  asked: (mode) => ({ merchantId: world.merchantId, mode }),
  isOpen: (actor, mode) =>
    may(actor, asked, {
      merchantId: place().merchantId,
      mode,
      ...(actor.type === 'API_KEY' ? { projectId: actor.projectId } : {}),
    }),
});

/** What each list asks for, as the lists in the API do. */
const LISTS: Readonly<Record<string, ListRow>> = {
  invoices: ofProject('invoice:read'),
  payments: ofProject('invoice:read'),
  'static-wallets': ofProject('static_wallet:read'),
  refunds: ofProject('invoice:read'),
  rebounds: ofProject('invoice:read'),
  payouts: ofMerchant('payout:read'),
  statement: ofMerchant('balance:read'),
};

test.each(Object.entries(LISTS))(
  '%s are for those who may list them, and nobody else',
  async (list, { asked, isOpen }) => {
    const wrong: string[] = [];
    for (const mode of ['TEST', 'LIVE'] as const) {
      for (const caller of callers) {
        const response = await askExport(kit.platform.url, `${list}.jsonl`, {
          token: caller.token,
          ...asked(mode),
        });
        const text = await response.text();
        const isRight = isOpen(caller.actor, mode)
          ? response.status === 200 && !text.includes('"errors"')
          : [400, 401, 403].includes(response.status) && text.startsWith('{"errors"');
        if (!isRight) wrong.push(`${caller.name} in ${mode}: ${response.status} ${text.slice(0, 80)}`);
      }
    }
    expect(wrong).toEqual([]);
  },
  60_000,
);

test('a list over several projects has those of the caller only', async () => {
  const as = (name: string) => callers.find((caller) => caller.name === name)?.token ?? null;
  const ids = async (asked: Asked) =>
    (await exported(kit.platform.url, 'invoices', { mode: 'TEST', columns: 'id', ...asked })).map(
      (r) => r['id'],
    );
  const merchantId = world.merchantId;
  expect(await ids({ token: as('OWNER'), merchantId })).toEqual([world.paidInvoiceId]);
  expect(await ids({ token: as('VIEWER of this project'), merchantId })).toEqual([world.paidInvoiceId]);
  expect(await ids({ token: as('VIEWER of another project'), merchantId })).toEqual([]);
  const both = `${world.projectId},${world.otherProjectId}`;
  expect(await ids({ token: as('OWNER'), projectIds: both, sort: 'PAID_ASC' })).toEqual([
    world.paidInvoiceId,
  ]);
  for (const token of [as('VIEWER of this project'), as('OWNER of another merchant'), as('TEST key')]) {
    expect((await askExport(kit.platform.url, 'invoices.csv', { token, projectIds: both })).status).toBe(400);
  }
});

test('a cookie counts with the CSRF header only, and not from a foreign page', async () => {
  const owner = callers.find(({ name }) => name === 'OWNER');
  const cookie = `paybell_session=${owner?.token ?? ''}`;
  const status = async (headers: Record<string, string>) =>
    (await askExport(kit.platform.url, 'invoices.csv', { projectId: world.projectId, headers })).status;
  expect(await status({ cookie })).toBe(401);
  expect(await status({ cookie, 'x-paybell-csrf': '1' })).toBe(200);
  expect(await status({ cookie, 'x-paybell-csrf': '1', origin: 'https://evil.example' })).toBe(401);
});

test('a person names the project; a locked session is told so', async () => {
  const as = (name: string) => callers.find((caller) => caller.name === name)?.token ?? null;
  const answer = async (asked: Parameters<typeof askExport>[2]) => {
    const response = await askExport(kit.platform.url, 'invoices.csv', asked);
    return [
      response.status,
      ((await response.json()) as { errors: { extensions: object }[] }).errors[0]?.extensions,
    ];
  };
  expect(await answer({ token: as('OWNER') })).toEqual([400, { code: 'INVALID_INPUT' }]);
  expect(await answer({ token: as('OWNER with a locked session'), projectId: world.projectId })).toEqual([
    401,
    { code: 'SESSION_LOCKED' },
  ]);
  expect(await answer({ token: 'pbsk_test_nobody' })).toEqual([401, { code: 'UNAUTHENTICATED' }]);
});
