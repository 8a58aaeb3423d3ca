import type { Pool } from 'pg';
import type { MerchantRecord, MerchantStore } from '../../usecases/ports/merchant-store.ts';
import { closeMerchant, closingFacts } from './merchant-closing.ts';
import { changeCurrency, decideCurrency, requestCurrency } from './merchant-currency.ts';
import { writeEvents } from './event-insert.ts';
import { inTransaction } from './transaction.ts';

const MERCHANT = `
  SELECT name, type, currency, company FROM merchant WHERE id = $1 AND closed_at IS NULL FOR NO KEY UPDATE`;

const SAVE = 'UPDATE merchant SET name = $2, type = $3::"MerchantType", company = $4::jsonb WHERE id = $1';

export const createMerchantStore = (pool: Pool): MerchantStore => ({
  changeMerchant: (merchantId, decide) =>
    inTransaction(pool, async (client) => {
      const { rows } = await client.query<MerchantRecord>(MERCHANT, [merchantId]);
      if (!rows[0]) return null;
      const decision = decide(rows[0]);
      if (!decision.ok) return decision;
      const { merchant, events } = decision.value;
      const { name, type, company } = merchant;
      await client.query(SAVE, [merchantId, name, type, company && JSON.stringify(company)]);
      await writeEvents(client, events);
      return { ok: true, value: null };
    }),
  changeCurrency: (merchantId, currency, eventFor) => changeCurrency(pool, merchantId, currency, eventFor),
  requestCurrency: (request, event) => requestCurrency(pool, request, event),
  decideCurrency: (decision, eventsFor) => decideCurrency(pool, decision, eventsFor),
  closingFacts: (merchantId) => closingFacts(pool, merchantId),
  closeMerchant: (merchantId, at, mayClose, eventsFor) =>
    closeMerchant(pool, { merchantId, at }, mayClose, eventsFor),
});
