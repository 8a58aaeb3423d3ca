import type { EventData } from '../event/event.ts';
import { encodeGlobalID } from '../text/global-id.ts';

/** What the fields of events with an id name, as the API calls it. */
const TYPE_OF_ID: Readonly<Record<string, string>> = {
  invoiceId: 'Invoice',
  paymentId: 'Payment',
  staticWalletId: 'StaticWallet',
  endpointId: 'WebhookEndpoint',
  refundId: 'Refund',
  reboundId: 'Rebound',
  payoutId: 'Payout',
  bankAccountId: 'BankAccount',
};

/**
 * What an event tells by itself, in the words of webhooks: snake_case, global ids, an invoice is a `payment`, and a
 * payment is what the event is about, a `transfer` or a `deposit` (FEATURES W4).
 */
export const eventFacts = (data: EventData, objectType: string): EventData =>
  Object.fromEntries(
    Object.entries(data).map(([field, value]) => [nameOf(field, objectType), valueOf(data, field, value)]),
  );

const nameOf = (field: string, objectType: string): string =>
  field
    .replace(/^payment(?=[A-Z])/, objectType)
    .replace(/^invoice(?=[A-Z])/, 'payment')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a payout carries out. */
const TYPE_OF_SOURCE: Readonly<Record<string, string>> = { REFUND: 'Refund', REBOUND: 'Rebound' };

function valueOf({ origin }: EventData, field: string, value: EventData[string]) {
  const type = field === 'sourceId' ? TYPE_OF_SOURCE[String(origin)] : TYPE_OF_ID[field];
  return type !== undefined && typeof value === 'string' ? encodeGlobalID(type, value) : (value ?? null);
}
