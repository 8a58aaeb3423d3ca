import type { NewEvent } from '../../domain/event/event.ts';
import type { ClosingFacts } from '../../domain/merchant/closing.ts';
import type { Company } from '../../domain/merchant/company.ts';
import type { Result } from '../result.ts';

export interface MerchantRecord {
  readonly name: string;
  readonly type: 'PERSONAL' | 'BUSINESS';
  readonly currency: string;
  /** Of a BUSINESS. */
  readonly company: Company | null;
}

export interface MerchantWrite {
  readonly merchant: Pick<MerchantRecord, 'name' | 'type' | 'company'>;
  readonly events: readonly NewEvent[];
}

export interface NewCurrencyRequest {
  readonly id: string;
  readonly merchantId: string;
  readonly currency: string;
  readonly reason: string;
  readonly at: Date;
}

export interface CurrencyDecision {
  readonly requestId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly answer: string | null;
  /** The operator's user id. */
  readonly decidedBy: string;
  readonly at: Date;
}

export interface DecidedRequest {
  readonly merchantId: string;
  readonly currency: string;
  /** The account currency until now. */
  readonly present: string;
}

/** What ends together with a merchant. */
export interface ClosedMerchant {
  readonly name: string;
  readonly apiKeys: readonly ClosedApiKey[];
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly invitations: readonly { readonly id: string; readonly email: string }[];
}

export interface ClosedApiKey {
  readonly id: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly kind: string;
  readonly name: string;
  readonly prefix: string;
  readonly projectName: string;
}

/** Merchants themselves. Each write is one transaction under a lock on the merchant. */
export interface MerchantStore {
  /** `decide` says what to write; nothing is written for a refusal. Null when there is no such open merchant. */
  changeMerchant(
    merchantId: string,
    decide: (merchant: MerchantRecord) => Result<MerchantWrite>,
  ): Promise<Result<null> | null>;
  /** 'in_use' when there are LIVE payments or a negative balance. */
  changeCurrency(
    merchantId: string,
    currency: string,
    eventFor: (from: string) => NewEvent,
  ): Promise<'changed' | 'same' | 'in_use' | 'gone'>;
  /** 'open_already' when another request waits for its decision. */
  requestCurrency(
    request: NewCurrencyRequest,
    event: NewEvent,
  ): Promise<'filed' | 'open_already' | 'same' | 'gone'>;
  /** Decides a request that waits, once; an approval changes the currency. */
  decideCurrency(
    decision: CurrencyDecision,
    eventsFor: (request: DecidedRequest) => readonly NewEvent[],
  ): Promise<'decided' | 'unknown' | 'not_pending' | 'gone'>;
  closingFacts(merchantId: string): Promise<ClosingFacts>;
  /**
   * Closes the merchant, ends its keys and invitations and archives its projects, when `mayClose` agrees to the facts
   * of that moment. Null when there is no such open merchant.
   */
  closeMerchant(
    merchantId: string,
    at: Date,
    mayClose: (facts: ClosingFacts) => Result<null>,
    eventsFor: (closed: ClosedMerchant) => readonly NewEvent[],
  ): Promise<Result<null> | null>;
}
