import type { Mode, UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import type { InvoiceReads, InvoiceView } from '../ports/invoice-reads.ts';
import type { MerchantReads } from '../ports/merchant-reads.ts';
import { done, refuse, type Result } from '../result.ts';

export interface InvoicesLatestInput {
  readonly merchantId: string;
  readonly mode: Mode;
  /** Only what comes behind this invoice. */
  readonly afterId?: string;
  readonly limit: number;
}

export interface LatestInvoices {
  /** Newest first. */
  readonly invoices: readonly InvoiceView[];
  readonly more: boolean;
}

/**
 * The merchant's invoices in the projects that are open to the person, newest first, by keyset (FEATURES N10).
 * Refusal: NOT_FOUND, for a merchant or an invoice to go on from that the person does not see.
 */
export type InvoicesLatest = (
  actor: UserActor,
  input: InvoicesLatestInput,
) => Promise<Result<LatestInvoices>>;

export interface InvoicesLatestDeps {
  readonly invoiceReads: Pick<InvoiceReads, 'byId' | 'page'>;
  readonly merchantReads: Pick<MerchantReads, 'projects'>;
}

/** More than any list of a chat needs. */
const MOST_PROJECTS = 1_000;

export const invoicesLatest =
  ({ invoiceReads, merchantReads }: InvoicesLatestDeps): InvoicesLatest =>
  async (actor, { merchantId, mode, afterId, limit }) => {
    const projectIds = (await merchantReads.projects(merchantId, MOST_PROJECTS))
      .map(({ id }) => id)
      .filter((projectId) => may(actor, 'invoice:read', { merchantId, projectId, mode }));
    if (projectIds.length === 0) {
      if (may(actor, 'invoice:read', { merchantId, mode })) return done({ invoices: [], more: false });
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    }
    const after = afterId === undefined ? null : await invoiceReads.byId(afterId, false);
    if (afterId !== undefined && (after?.mode !== mode || !projectIds.includes(after.projectId)))
      return refuse('NOT_FOUND', 'There is no such invoice.', 'afterId');
    const found = await invoiceReads.page({
      projectIds,
      mode,
      ...(after ? { after: { createdAt: after.createdAt, id: after.id } } : {}),
      limit: limit + 1,
      fromEnd: false,
      children: false,
    });
    return done({ invoices: found.slice(0, limit), more: found.length > limit });
  };
