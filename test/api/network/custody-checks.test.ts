import { expect, test } from 'vitest';
import * as operations from '../../../src/generated/documents.ts';
import { uuidSource as ids } from '../../../src/adapters/system/uuid-source.ts';
import { globalIdOf } from '../../testkit/facts.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';

const kit = usePlatform();

test('an administrator sees what ledger and chain say, and so do the figures', async () => {
  const [agrees, differs] = [ids.next(), ids.next()];
  await kit.database.pool.query(
    `INSERT INTO custody_check (id, network, asset, ledger, chain, height, at, differs_since, told_at) VALUES
      ($1, 'LITECOIN', 'LTC', 250000000, 250000000, 7, now(), NULL, NULL),
      ($2, 'ETHEREUM', 'USDT', 5000000, 4500000, 8, now(), '2026-11-21T08:00:00Z', '2026-11-21T08:01:00Z')`,
    [agrees, differs],
  );
  const { api } = await openOperator(kit.platform, kit.database, 'ADMIN');
  const { custodyChecks } = await api.send(operations.CustodyChecksDocument, {});
  expect(custodyChecks).toEqual([
    {
      id: globalIdOf('CustodyCheck', differs),
      network: 'ETHEREUM',
      asset: 'USDT',
      ledger: { amount: '5.000000' },
      chain: { amount: '4.500000' },
      difference: { amount: '-0.500000' },
      height: '8',
      differsSince: '2026-11-21T08:00:00.000Z',
      toldAt: '2026-11-21T08:01:00.000Z',
    },
    {
      id: globalIdOf('CustodyCheck', agrees),
      network: 'LITECOIN',
      asset: 'LTC',
      ledger: { amount: '2.50000000' },
      chain: { amount: '2.50000000' },
      difference: { amount: '0.00000000' },
      height: '7',
      differsSince: null,
      toldAt: null,
    },
  ]);
  const figures = await (await fetch(new URL('/metrics', kit.platform.url))).text();
  expect(figures).toContain('paybell_custody_difference{network="ETHEREUM",asset="USDT"} -0.5\n');
  expect(figures).toContain('paybell_custody_difference{network="LITECOIN",asset="LTC"} 0\n');
  expect(figures).toMatch(/paybell_custody_check_age_seconds\{network="LITECOIN",asset="LTC"\} \d/);
});
