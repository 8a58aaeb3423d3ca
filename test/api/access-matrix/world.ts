import type { Pool } from 'pg';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { everythingTold, globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { insertThings, type Things } from './things.ts';
import { openOperator, type TestOperator } from '../../testkit/operator.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';

/** What the matrix is about: a merchant with one thing of each kind, and what others have. Ids are global ones. */
export interface World extends Things {
  readonly pool: Pool;
  readonly merchantId: string;
  readonly projectId: string;
  /** Another project of the same merchant. */
  readonly otherProjectId: string;
  readonly ownerId: string;
  readonly ownerNotificationId: string;
  readonly testKeyId: string;
  readonly liveKeyId: string;
  /** Of TEST mode and paid: nothing can be done to it any more. */
  readonly paidInvoiceId: string;
  readonly liveInvoiceId: string;
  /** The payment of the paid invoice: credited, so nothing of it is held. */
  readonly paymentId: string;
  readonly quoteId: string;
  /** Another merchant and its project. */
  readonly strangerId: string;
  readonly strangerMerchantId: string;
  readonly strangerProjectId: string;
  /** An operator whom nobody else asks about. */
  readonly operator: TestOperator;
}

/** The row id of a thing of the world. */
export const rowId = rowIdOf;

/** The global id of nothing. */
export const nowhere = (type: string): string => globalIdOf(type, '019a0000-0000-7000-8000-000000000000');

/** Opens both merchants over the API. */
export async function openWorld({ platform, database: { pool } }: TestPlatform): Promise<World> {
  const ours = await openMerchant(platform, 'owner@ours.example');
  const theirs = await openMerchant(platform, 'owner@theirs.example');
  const { merchantId } = ours;
  const { projectCreate } = await ours.owner.send(operations.ProjectCreateDocument, {
    input: { merchantId, name: 'Another project' },
  });
  const paid = await createInvoice(ours.test);
  const quote = await createQuote(ours.test, paid.id);
  await simulatePayment(ours.test, paid.id, quote.id);
  const live = await createInvoice(ours.live);
  await everythingTold(pool);
  const { viewer } = await ours.owner.send(operations.ViewerDocument, {});
  const stranger = await theirs.owner.send(operations.ViewerDocument, {});
  const { notifications } = await ours.owner.send(operations.NotificationsDocument, {});
  const owned = {
    merchantId,
    projectId: ours.projectId,
    ownerId: viewer.id,
    paidInvoiceId: paid.id,
    liveInvoiceId: live.id,
  };
  return {
    ...(await insertThings(pool, owned)),
    pool,
    merchantId,
    projectId: ours.projectId,
    otherProjectId: accepted(projectCreate, 'Project').id,
    ownerId: viewer.id,
    ownerNotificationId: notifications.edges[0]?.node.id ?? '',
    testKeyId: await keyId(pool, ours.projectId, 'TEST'),
    liveKeyId: await keyId(pool, ours.projectId, 'LIVE'),
    paidInvoiceId: paid.id,
    liveInvoiceId: live.id,
    paymentId: await paymentOf(pool, paid.id),
    quoteId: quote.id,
    strangerId: stranger.viewer.id,
    strangerMerchantId: theirs.merchantId,
    strangerProjectId: theirs.projectId,
    operator: await openOperator(platform, { pool }, 'SUPPORT'),
  };
}

async function paymentOf(pool: Pool, invoiceId: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM payment WHERE invoice_id = $1', [
    rowIdOf(invoiceId),
  ]);
  return globalIdOf('Payment', rows[0]?.id ?? '');
}

async function keyId(pool: Pool, projectId: string, mode: 'TEST' | 'LIVE'): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM api_key WHERE project_id = $1 AND mode = $2::"Mode"',
    [rowIdOf(projectId), mode],
  );
  return globalIdOf('ApiKey', rows[0]?.id ?? '');
}
