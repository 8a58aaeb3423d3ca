import { beforeEach, describe, test } from 'vitest';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { cancel } from '../testkit/shop.ts';
import { CONFIRMATIONS, OPENED, type Scenarios, type Way } from './scenario-kit.ts';

const EXPIRES = [...OPENED, 'invoice.canceled'];

/** What holds for every asset on every network: an invoice over 1.0 of it, paid in all the ways that people pay. */
export function commonScenarios(scenarios: Scenarios, wayOf: () => Way): void {
  let shop: DemoMerchant;
  let way: Way;
  beforeEach(async () => {
    way = wayOf();
    shop = await scenarios.openShop();
  });

  /** What is told of a payment until it stands in a block; `then` is what it makes of the invoice. */
  const mined = (...then: string[]): string[] => [
    'payment.detected',
    ...then,
    ...(way.pooled ? ['payment.confirming'] : []),
  ];
  /** Sends, and puts it into a block; it waits for the others then. */
  async function pay(address: string, amount: string): Promise<void> {
    const txId = await way.send(address, amount);
    if (!way.pooled) return;
    // Mined before the pool was looked at, it would be told of otherwise.
    await scenarios.sees(txId);
    await way.mine(1);
  }
  const confirm = () => way.mine(CONFIRMATIONS - 1);
  async function expire(id: string, events: readonly string[]): Promise<void> {
    scenarios.clock.advance({ seconds: 601 });
    await scenarios.told(id, events);
  }

  describe('an invoice', () => {
    test('paid exactly is paid at its confirmations and not before', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await pay(address, '1');
      const seen = [...OPENED, ...mined('invoice.confirming')];
      await way.mine(CONFIRMATIONS - 2);
      await scenarios.ends(shop, way, id, {
        events: seen,
        invoice: { status: 'CONFIRMING', payments: [{ status: 'CONFIRMING' }] },
        balance: ['1', '0', '0'],
      });
      await way.mine(1);
      await scenarios.ends(shop, way, id, {
        events: [...seen, 'payment.credited', 'invoice.paid'],
        invoice: { status: 'PAID', exception: 'NONE', payments: [{ status: 'CREDITED' }] },
        balance: ['0', '1', '0'],
      });
    });

    test('paid in part waits, expires, and what came is held', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await pay(address, '0.4');
      await confirm();
      const events = [...OPENED, ...mined('invoice.partially_paid'), 'payment.confirmed'];
      await scenarios.told(id, events);
      await expire(id, [...events, 'payment.held', 'invoice.canceled']);
      await scenarios.ends(shop, way, id, {
        events: [...events, 'payment.held', 'invoice.canceled'],
        invoice: { status: 'CANCELED', exception: 'EXPIRED', payments: [{ heldReason: 'UNDERPAID' }] },
        balance: ['0', '0', '0.4'],
      });
    });

    test('paid with too much is credited whole by the default policy', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await pay(address, '1.5');
      await confirm();
      await scenarios.ends(shop, way, id, {
        events: [...OPENED, ...mined('invoice.confirming'), 'payment.credited', 'invoice.overpaid'],
        invoice: { status: 'OVERPAID', exception: 'NONE', payments: [{ status: 'CREDITED' }] },
        balance: ['0', '1.5', '0'],
      });
    });

    test('paid in two transfers is paid when both are confirmed', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await pay(address, '0.6');
      const first = [...OPENED, ...mined('invoice.partially_paid')];
      await scenarios.told(id, first);
      await pay(address, '0.4');
      const both = [...first, ...mined('invoice.confirming')];
      await scenarios.told(id, both);
      await confirm();
      await scenarios.ends(shop, way, id, {
        events: [...both, 'payment.confirmed', 'payment.credited', 'payment.credited', 'invoice.paid'],
        invoice: { status: 'PAID', payments: [{ status: 'CREDITED' }, { status: 'CREDITED' }] },
        balance: ['0', '1', '0'],
      });
    });

    test('paid after it expired stays expired, paid late, and the money is held', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await expire(id, EXPIRES);
      await pay(address, '1');
      await confirm();
      await scenarios.ends(shop, way, id, {
        events: [...EXPIRES, ...mined(), 'payment.held', 'invoice.paid_late'],
        invoice: { status: 'CANCELED', exception: 'PAID_LATE', payments: [{ heldReason: 'LATE' }] },
        balance: ['0', '0', '1'],
      });
    });

    test('paid after it was cancelled stays cancelled, and the money is held', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await cancel(shop.live, id);
      await pay(address, '1');
      await confirm();
      await scenarios.ends(shop, way, id, {
        events: [...OPENED, 'invoice.canceled', ...mined(), 'payment.held'],
        invoice: { status: 'CANCELED', exception: 'CANCELLED', payments: [{ heldReason: 'AFTER_CANCEL' }] },
        balance: ['0', '0', '1'],
      });
    });

    test('paid twice is paid once, and the second payment is held', async () => {
      const { id, address } = await scenarios.invoice(shop, way, '1');
      await pay(address, '1');
      await confirm();
      const paid = [...OPENED, ...mined('invoice.confirming'), 'payment.credited', 'invoice.paid'];
      await scenarios.told(id, paid);
      await pay(address, '1');
      await confirm();
      await scenarios.ends(shop, way, id, {
        events: [...paid, ...mined(), 'payment.held'],
        invoice: { status: 'PAID', payments: [{ status: 'CREDITED' }, { heldReason: 'DUPLICATE' }] },
        balance: ['0', '1', '1'],
      });
    });
  });

  describe('a static wallet', () => {
    test('credits every deposit at its confirmations; one that comes while it is blocked is held', async () => {
      const { id, address } = await scenarios.wallet(shop, way);
      const created = ['static_wallet.created'];
      await pay(address, '0.3');
      await confirm();
      const seen = ['deposit.detected', ...(way.pooled ? ['deposit.confirming'] : [])];
      const credited = [...created, ...seen, 'deposit.credited'];
      await scenarios.told(id, credited);
      await scenarios.blockWallet(shop, id);
      await pay(address, '0.2');
      await confirm();
      await scenarios.ends(shop, way, id, {
        events: [...credited, 'static_wallet.blocked', ...seen, 'deposit.held'],
        balance: ['0', '0.3', '0.2'],
      });
    });
  });
}
