import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeInvoice } from '../../../src/domain/invoice/invoice-change.ts';
import { assertTransition } from '../../../src/domain/invoice/invoice-status.ts';
import { anyAction, EXPIRY, NOW, run, type Run } from './invoice-model.ts';

const RUNS = { numRuns: 1000 };
const history = fc.array(anyAction, { maxLength: 25 });

/** Balances by account after all entries of a run. */
function balances({ changes }: Run): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const posting of changes.flatMap((c) => c.entries.flatMap((e) => e.postings))) {
    const key = `${posting.account.kind} ${posting.account.asset}`;
    sums.set(key, (sums.get(key) ?? 0n) + posting.amount);
  }
  return sums;
}

describe('whatever happens to an invoice', () => {
  test('every entry sums to zero per asset and is made once', () => {
    fc.assert(
      fc.property(history, (actions) => {
        const entries = run(actions).changes.flatMap((c) => c.entries);
        for (const entry of entries) {
          expect(entry.postings.reduce((sum, p) => sum + p.amount, 0n)).toBe(0n);
        }
        const sources = entries.map((e) => `${e.sourceId} ${e.kind}`);
        expect(new Set(sources).size).toBe(sources.length);
      }),
      RUNS,
    );
  });

  test("no merchant's account goes below zero, at any moment", () => {
    fc.assert(
      fc.property(history, (actions) => {
        const { changes } = run(actions);
        changes.forEach((_, i) => {
          for (const [account, balance] of balances({
            changes: changes.slice(0, i + 1),
            invoice: run([]).invoice,
          })) {
            if (/^(PENDING|AVAILABLE|HELD)/.test(account)) expect(balance).toBeGreaterThanOrEqual(0n);
          }
        });
      }),
      RUNS,
    );
  });

  test('balances equal the payments: pending, available and held are each what the payments say', () => {
    fc.assert(
      fc.property(history, (actions) => {
        const result = run(actions);
        const sums = balances(result);
        for (const asset of ['USDT', 'ETH']) {
          const of = (statuses: string[]) =>
            result.invoice.payments
              .filter((p) => p.asset === asset && statuses.includes(p.status))
              .reduce((sum, p) => sum + p.amount, 0n);
          expect(sums.get(`AVAILABLE ${asset}`) ?? 0n).toBe(of(['CREDITED']));
          expect((sums.get(`PENDING ${asset}`) ?? 0n) + (sums.get(`HELD ${asset}`) ?? 0n)).toBe(
            of(['CONFIRMING', 'CONFIRMED']),
          );
          expect(-(sums.get(`CUSTODY ${asset}`) ?? 0n)).toBe(
            (sums.get(`AVAILABLE ${asset}`) ?? 0n) + (sums.get(`HELD ${asset}`) ?? 0n),
          );
        }
      }),
      RUNS,
    );
  });

  test('the states follow the table, and the shown state is what the payments call for', () => {
    fc.assert(
      fc.property(history, (actions) => {
        const { changes, invoice } = run(actions);
        let before = run([]).invoice.status;
        for (const change of changes) {
          expect(() => assertTransition(before, change.invoice.status)).not.toThrow();
          before = change.invoice.status;
        }
        if (invoice.status === 'CREATED') expect(invoice.amountSeen).toBe(0n);
        if (invoice.status === 'PARTIAL') expect(invoice.amountSeen).toBeLessThan(invoice.amount);
        if (invoice.status === 'CONFIRMING') expect(invoice.amountPaid).toBeLessThan(invoice.amount);
        if (invoice.status === 'PAID') expect(invoice.amountPaid).toBe(invoice.amount);
        if (invoice.status === 'OVERPAID') expect(invoice.amountPaid).toBeGreaterThan(invoice.amount);
      }),
      RUNS,
    );
  });

  test('a repeated action changes nothing', () => {
    fc.assert(
      fc.property(history, anyAction, (actions, last) => {
        const { invoice } = run([...actions, last]);
        // A transfer that was orphaned may be seen again; every other repeat is void.
        fc.pre(last.type !== 'TRANSFER_SEEN' || invoice.payments.some((p) => p.txId === last.transfer.txId));
        const at = last.type === 'EXPIRE' ? EXPIRY : NOW;
        expect(changeInvoice(invoice, last, at)).toBeNull();
      }),
      RUNS,
    );
  });

  test('invoice.paid is told at most once', () => {
    fc.assert(
      fc.property(history, (actions) => {
        const told = run(actions).changes.flatMap((c) => c.events.map((e) => e.type));
        for (const type of ['invoice.paid', 'invoice.overpaid', 'invoice.paid_late', 'invoice.canceled']) {
          expect(told.filter((t) => t === type).length).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });
});
