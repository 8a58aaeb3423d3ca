import { expect, test } from 'vitest';
import * as operations from '../../../src/generated/documents.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';

const kit = usePlatform();

async function stuck(txId: string, stuckFor: string | null) {
  const id = ids.next();
  await kit.database.pool.query(
    `INSERT INTO spend (id, network, kind, status, asset, amount, to_address, created_at, stuck_for)
     VALUES ($1, 'LITECOIN', 'SWEEP', 'BROADCAST', 'LTC', 1, $3, now(), $2)`,
    [id, stuckFor, `to ${txId}`],
  );
  await kit.database.pool.query(
    `INSERT INTO spend_transaction (id, spend_id, tx_id, raw, fee_rate, max_fee, signed_at)
     VALUES ($1, $2, $3, '', 1, 1, now())`,
    [ids.next(), id, txId],
  );
  return id;
}

const operator = (facts?: Parameters<typeof openOperator>[3]) =>
  openOperator(kit.platform, kit.database, 'ADMIN', facts);

const giveUp = async ({ api }: Awaited<ReturnType<typeof operator>>, txId: string, network = 'LITECOIN') =>
  (
    await api.send(operations.SpendAbandonDocument, {
      input: { network: network as operations.NetworkCode, txId },
    })
  ).spendAbandon;

const events = async (spendId: string) =>
  (
    await kit.database.pool.query(
      `SELECT type, actor->>'type' AS actor, data->>'txId' AS "txId" FROM event WHERE subject_id = $1`,
      [spendId],
    )
  ).rows;

test('an administrator gives up what another transaction made void, once, also ten times at once', async () => {
  const admin = await operator();
  const id = await stuck('aa', 'FOREIGN');
  const answers = await Promise.all(Array.from({ length: 10 }, () => giveUp(admin, 'aa')));
  expect(answers.filter(({ __typename }) => __typename === 'SpendAbandonPayload')).toEqual([
    { __typename: 'SpendAbandonPayload', isPayout: false },
  ]);
  expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(9);
  expect(await events(id)).toEqual([{ type: 'custody.spend_given_up', actor: 'OPERATOR', txId: 'aa' }]);
  const { rows } = await kit.database.pool.query('SELECT status, given_up_at FROM spend WHERE id = $1', [id]);
  expect(rows).toEqual([{ status: 'BROADCAST', given_up_at: expect.any(Date) }]);
});

test('nothing else is given up, and nobody does it without proof', async () => {
  const admin = await operator();
  const open = [await stuck('bb', null), await stuck('cc', 'LATE'), await stuck('dd', 'REFUSED')];
  for (const txId of ['bb', 'cc', 'dd'])
    expect(await giveUp(admin, txId)).toMatchObject({ code: 'WRONG_STATE' });
  const id = await stuck('ee', 'FOREIGN');
  expect(await giveUp(admin, 'ee', 'BITCOIN')).toMatchObject({ code: 'NOT_FOUND' });
  expect(await giveUp(await operator({ steppedUpAt: null }), 'ee')).toMatchObject({
    code: 'STEP_UP_REQUIRED',
  });
  for (const each of [...open, id]) expect(await events(each)).toEqual([]);
});
