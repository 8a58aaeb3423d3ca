import { describe, expect, test } from 'vitest';
import { changeDeposit, type DepositAction } from '../../../src/domain/static-wallet/deposit-change.ts';
import {
  booked,
  confirmed,
  contextOf,
  depositIn,
  FAIR,
  left,
  orphaned,
  resolved,
  run,
  seen,
  told,
  type Weather,
} from './deposit-model.ts';

const FEES = { basisPoints: 100, fixed: { USDT: 500_000n }, network: { 'USDT/ETHEREUM': 2_000_000n } };
const BLOCKED: Weather = { ...FAIR, status: 'BLOCKED' };
const EURO: Weather = { ...FAIR, settlementCurrency: 'EUR' };
const NO_RATE: Weather = { ...EURO, euro: null };
const when = (weather: Weather, ...actions: DepositAction[]) =>
  actions.map((action) => ({ action, weather }));

describe('a deposit', () => {
  test('is pending while it waits and credited with its confirmations', () => {
    const waiting = run([seen('0x1')]);
    expect(waiting.payment).toMatchObject({ status: 'CONFIRMING', exception: 'NONE', quoteId: null });
    expect(left(waiting)).toEqual({ 'PENDING USDT': 100_000_000n, 'INCOMING USDT': -100_000_000n });
    const done = run([confirmed('0x1')], waiting);
    expect(done.payment).toMatchObject({ status: 'CREDITED', credited: 100_000_000n, settled: 100_000_000n });
    expect(left(done)).toEqual({ 'AVAILABLE USDT': 100_000_000n, 'CUSTODY USDT': -100_000_000n });
    expect(told(done)).toEqual(['deposit.detected', 'deposit.credited']);
    expect(done.changes.at(-1)?.events[0]).toMatchObject({
      subject: { type: 'STATIC_WALLET', id: 'wallet' },
      data: {
        staticWalletId: 'wallet',
        customerRef: 'customer-1',
        network: 'ETHEREUM',
        paymentId: 'payment',
        received: '100.000000',
        credited: '100.000000',
        creditedCurrency: 'USDT',
      },
    });
  });

  test('pays the fees of the moment of crediting', () => {
    const done = run([seen('0x1'), ...when({ ...FAIR, fees: FEES }, confirmed('0x1'))]);
    expect(done.payment).toMatchObject({ fee: 1_500_000n, networkFee: 2_000_000n, settled: 96_500_000n });
    expect(left(done)).toEqual({
      'AVAILABLE USDT': 96_500_000n,
      'FEES USDT': 1_500_000n,
      'NETWORK_FEES USDT': 2_000_000n,
      'CUSTODY USDT': -100_000_000n,
    });
  });

  test('is converted by the rate of the moment it was seen', () => {
    const dearer = { ...EURO, euro: '2' };
    const done = run([...when(EURO, seen('0x1')), ...when(dearer, confirmed('0x1'))]);
    expect(done.payment).toMatchObject({ status: 'CREDITED', settled: 9_000n, settledCurrency: 'EUR' });
    expect(left(done)).toEqual({
      'AVAILABLE EUR': 9_000n,
      'CONVERSION EUR': -9_000n,
      'CONVERSION USDT': 100_000_000n,
      'CUSTODY USDT': -100_000_000n,
    });
    // A project that chooses another currency later changes nothing of what was seen before.
    const asIs = run([seen('0x1'), ...when(EURO, confirmed('0x1'))]);
    expect(asIs.payment).toMatchObject({ settled: 100_000_000n, settledCurrency: 'USDT' });
  });

  test('without a rate for the settlement currency is held, and credited by a decision once there is one', () => {
    const held = run(when(NO_RATE, seen('0x1'), confirmed('0x1')));
    expect(held.payment).toMatchObject({
      status: 'CONFIRMED',
      exception: 'UNPRICED',
      held: 100_000_000n,
      heldReason: 'UNPRICED',
    });
    expect(told(held)).toEqual(['deposit.detected', 'deposit.held']);
    expect(
      changeDeposit(depositIn(held, NO_RATE), [resolved('CREDIT')], contextOf(held, NO_RATE)),
    ).toBeNull();
    const credited = run(when(EURO, resolved('CREDIT')), held);
    expect(left(credited)).toMatchObject({ 'AVAILABLE EUR': 9_000n, 'CUSTODY USDT': -100_000_000n });
    expect(credited.payment).toMatchObject({ held: 0n, heldReason: null, credited: 100_000_000n });
  });

  test('that comes to a blocked wallet is held; what was seen before the block is credited', () => {
    const held = run(when(BLOCKED, seen('0x1'), confirmed('0x1')));
    expect(held.payment).toMatchObject({ exception: 'WALLET_BLOCKED', heldReason: 'WALLET_BLOCKED' });
    expect(left(held)).toEqual({ 'HELD USDT': 100_000_000n, 'CUSTODY USDT': -100_000_000n });
    const before = run([seen('0x1'), ...when(BLOCKED, confirmed('0x1'))]);
    expect(before.payment).toMatchObject({ status: 'CREDITED', exception: 'NONE' });
    const reactivated = run([...when(BLOCKED, seen('0x1')), confirmed('0x1')]);
    expect(reactivated.payment).toMatchObject({ held: 100_000_000n, heldReason: 'WALLET_BLOCKED' });
  });

  test('can be sent back, and still be credited until that is done', () => {
    const back = run([...when(BLOCKED, seen('0x1'), confirmed('0x1')), resolved('REBOUND')]);
    expect(back.payment).toMatchObject({ held: 100_000_000n, decision: 'REBOUND' });
    expect(told(back).at(-1)).toBe('deposit.rebound_requested');
    const credited = run([resolved('CREDIT')], back);
    expect(credited.payment).toMatchObject({ held: 0n, decision: 'NONE', status: 'CREDITED' });
    expect(left(credited)).toEqual({ 'AVAILABLE USDT': 100_000_000n, 'CUSTODY USDT': -100_000_000n });
    expect(told(credited).at(-1)).toBe('deposit.credited');
  });

  test('goes from the memory pool into a block without being counted twice', () => {
    const mined = run([seen(null), seen('0x1')]);
    expect(mined.payment).toMatchObject({ status: 'CONFIRMING', blockHash: '0x1', sighting: 1 });
    expect(told(mined)).toEqual(['deposit.detected', 'deposit.confirming']);
    expect(booked(mined)).toEqual(['payment/1 DETECTED']);
  });

  test('that is replaced in the memory pool is taken back', () => {
    const replaced = run([seen(null), orphaned(null)]);
    expect(replaced.payment).toMatchObject({ status: 'ORPHANED' });
    expect(left(replaced)).toEqual({});
    expect(told(replaced)).toEqual(['deposit.detected', 'deposit.orphaned']);
  });

  test('that a reorg takes away comes again as what it was', () => {
    const again = run([
      seen('0x1'),
      orphaned('0x1'),
      ...when(BLOCKED, seen('0x2')),
      ...when(BLOCKED, confirmed('0x2')),
    ]);
    expect(again.payment).toMatchObject({ status: 'CREDITED', exception: 'NONE', sighting: 2 });
    expect(booked(again)).toEqual([
      'payment/1 DETECTED',
      'payment/1 ORPHANED',
      'payment/2 DETECTED',
      'payment/2 CREDITED',
    ]);
  });

  test('that comes again in another asset is priced by that', () => {
    const { action, weather } = { action: seen('0x2', 7n), weather: EURO };
    if (action.type !== 'TRANSFER_SEEN') throw new Error('no transfer');
    const ether = { ...action, transfer: { ...action.transfer, asset: 'ETH' } };
    const again = run(when(weather, seen('0x1'), orphaned('0x1'), ether));
    expect(again.payment).toMatchObject({ asset: 'ETH', price: null, exception: 'UNPRICED', amount: 7n });
    expect(left(again)).toEqual({ 'PENDING ETH': 7n, 'INCOMING ETH': -7n });
  });

  test('that a reorg takes away after it was spent leaves a debt, which its return pays back', () => {
    const credited = run([seen('0x1'), confirmed('0x1')]);
    const spent = { ...credited, balances: new Map([...credited.balances, ['AVAILABLE USDT', 30_000_000n]]) };
    const gone = run([orphaned('0x1')], spent);
    expect(gone.payment).toMatchObject({ status: 'ORPHANED', credited: 0n, settled: 0n });
    expect(left(gone)).toEqual({ 'OWED USDT': -70_000_000n });
    expect(told(gone).at(-1)).toBe('deposit.reversed');
    const back = run([seen('0x2'), confirmed('0x2')], gone);
    expect(left(back)).toEqual({ 'AVAILABLE USDT': 30_000_000n, 'CUSTODY USDT': -100_000_000n });
  });

  test('is not what is said of it in another block, nor of another payment', () => {
    const waiting = run([seen('0x1')]);
    for (const action of [
      seen('0x1'),
      seen('0x2'),
      confirmed('0x2'),
      orphaned('0x2'),
      resolved('CREDIT'),
      { ...confirmed('0x1'), paymentId: 'another' } as DepositAction,
    ]) {
      expect(changeDeposit(depositIn(waiting, FAIR), [action], contextOf(waiting, FAIR))).toBeNull();
    }
    expect(changeDeposit(depositIn(run([]), FAIR), [confirmed('0x1')], contextOf(run([]), FAIR))).toBeNull();
  });

  test('that is seen and confirmed in one change is told step by step', () => {
    const change = changeDeposit(
      depositIn(run([]), FAIR),
      [seen('0x1'), seen('0x1'), confirmed('0x1')],
      contextOf(run([]), FAIR),
    );
    expect(change?.payment).toMatchObject({ status: 'CREDITED' });
    expect(change?.entries.map((entry) => entry.kind)).toEqual(['DETECTED', 'CREDITED']);
    expect(change?.events.map((event) => event.type)).toEqual(['deposit.detected', 'deposit.credited']);
  });
});
