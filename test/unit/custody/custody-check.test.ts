import { describe, expect, it } from 'vitest';
import {
  custodyEvent,
  isSettled,
  lookedAgain,
  type CustodyCheck,
} from '../../../src/domain/custody/custody-check.ts';
import type { CustodyCompare } from '../../../src/usecases/custody/custody-compare.ts';
import type { CustodyChain } from '../../../src/usecases/ports/custody-chain.ts';
import { createCustodyCheck } from '../../../src/workers/custody-check.ts';
import { keptLog } from '../../chain/evm-readers.ts';

const ID = '01938f00-0000-7000-8000-000000000001';
const DIFFERS = 'custody.differs';
/** Of USDT. */
const WHOLE = 1_000_000n;
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 21, 8, minute));

/** Looks at a row a minute, that find so much more on the chain than in the ledger. */
function looks(...found: readonly bigint[]) {
  let check: CustodyCheck | null = null;
  return found.map((difference, minute) => {
    const figures = {
      network: 'ETHEREUM',
      asset: 'USDT',
      ledger: 5_000_000n,
      chain: 5_000_000n + difference,
      height: BigInt(minute),
      at: at(minute),
    };
    const next = lookedAgain(check, ID, figures);
    check = next.check;
    const since = next.check.differsSince?.getUTCMinutes() ?? null;
    return { told: next.told, since, isSettled: isSettled(next.check) };
  });
}

describe('looks one after the other', () => {
  it.each([
    ['that agree', [0n, 0n], [null, null], [null, null]],
    ['of which one differs', [0n, -1n, 0n], [null, null, null], [null, 1, null]],
    ['that differ again and again', [-1n, -1n, -1n], [null, 'custody.differs', null], [0, 0, 0]],
    [
      'of which more is missing each time',
      [-1n, -1n, -2n, -3n, -3n, -3n],
      [null, DIFFERS, null, DIFFERS, null, null],
      [0, 0, 0, 0, 0, 0],
    ],
    ['that fall for a moment', [-5n, -5n, -9n, -5n, -5n], [null, DIFFERS, null, null, null], [0, 0, 0, 0, 0]],
    [
      'of which something comes back, a little and then half',
      [-4n * WHOLE, -4n * WHOLE, 1n - 4n * WHOLE, -2n * WHOLE, -2n * WHOLE],
      [null, DIFFERS, null, null, DIFFERS],
      [0, 0, 0, 0, 0],
    ],
    [
      'of a surplus that falls',
      [5n * WHOLE, 5n * WHOLE, 4n * WHOLE, 4n * WHOLE],
      [null, DIFFERS, null, DIFFERS],
      [0, 0, 0, 0],
    ],
    ['that find a little more', [1n, WHOLE - 1n, 1n], [null, null, null], [null, null, null]],
    [
      'after which a little more is left',
      [-1n, -1n, 7n, 7n],
      [null, DIFFERS, 'custody.agrees', null],
      [0, 0, null, null],
    ],
    [
      'that differ, agree and differ',
      [WHOLE, WHOLE, 0n, 0n, -1n, -1n],
      [null, 'custody.differs', 'custody.agrees', null, null, 'custody.differs'],
      [0, 0, null, null, 4, 4],
    ],
  ])('%s', (_name, found, told, since) => {
    expect(looks(...found).map((each) => each.told)).toEqual(told);
    expect(looks(...found).map((each) => each.since)).toEqual(since);
  });

  it('are soon repeated until nothing is left to decide', () => {
    const found = looks(0n, -1n, -1n, -1n, -2n, -2n, 3n, -2n, 0n);
    expect(found.map((each) => each.isSettled)).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
  });

  it('are told with all that a message needs', () => {
    const check: CustodyCheck = {
      id: ID,
      network: 'ETHEREUM',
      asset: 'USDT',
      ledger: 5_000_000n,
      chain: 4_999_999n,
      height: 7n,
      at: at(1),
      differsSince: at(0),
      toldAt: at(1),
      toldDifference: -1n,
    };
    expect(custodyEvent('custody.differs', check)).toEqual({
      type: 'custody.differs',
      merchantId: null,
      projectId: null,
      mode: 'LIVE',
      subject: { type: 'CUSTODY', id: ID },
      data: {
        custodyCheckId: ID,
        network: 'ETHEREUM',
        asset: 'USDT',
        ledger: '5.000000',
        chain: '4.999999',
        difference: '-0.000001',
        height: 7,
        differsSince: '2026-11-21T08:00:00.000Z',
      },
    });
  });
});

describe('the worker', () => {
  const chain: CustodyChain = { network: 'ETHEREUM', assets: ['USDT'], look: () => Promise.resolve(null) };

  /** Runs until the answers are used up; so long for each pause that nothing but its end would end it. */
  async function run(answers: readonly (Awaited<ReturnType<CustodyCompare>> | Error)[]) {
    const ending = new AbortController();
    const log = keptLog();
    const left = [...answers];
    const check = createCustodyCheck({
      custodyCompare: () => {
        const answer = left.shift();
        if (left.length === 0) ending.abort();
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? null);
      },
      networks: [{ chain, ownFunds: new Map() }],
      leader: { lead: (_name, signal, work) => work(signal) },
      logger: log,
      everyMilliseconds: 3_600_000,
      againMilliseconds: 1,
    });
    await check.run(ending.signal);
    return log.lines.map(({ level, message }) => `${level}: ${message}`);
  }

  const found = (differsSince: Date | null, toldAt: Date | null): readonly CustodyCheck[] => [
    {
      id: ID,
      network: 'ETHEREUM',
      asset: 'USDT',
      ledger: 1n,
      chain: 0n,
      height: 1n,
      at: at(0),
      differsSince,
      toldAt,
      toldDifference: toldAt && -1n,
    },
  ];

  it('looks again soon after a fault, after a look that said nothing, and after the first that found something', async () => {
    const lines = await run([new Error('the node is away'), null, found(at(0), null), found(at(0), at(1))]);
    expect(lines).toEqual([
      'warn: custody could not be compared; trying again',
      'error: custody differs from the chain',
    ]);
  });
});
