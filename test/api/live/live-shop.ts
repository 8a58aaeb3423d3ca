import type { ExecutionResult } from 'graphql';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import type { Role } from '../../../src/domain/access/actor.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { encodeEventCursor } from '../../../src/domain/event/event-cursor.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { connectSse, connectWebSocket, type LiveConnection } from '../../testkit/live-clients.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';

export const BEGINNING = encodeEventCursor({ txid: 0n, seq: 0n });
/** No transaction of any test has this number. */
export const FUTURE = encodeEventCursor({ txid: 2n ** 62n, seq: 1n });

/** Every subscription is followed over both. */
export const TRANSPORTS: readonly (readonly [string, (url: string, secret: string) => LiveConnection])[] = [
  ['WebSocket', connectWebSocket],
  ['server-sent events', connectSse],
];

/** Pays a TEST invoice of 12.50 USD in full. */
export async function payInvoice({ test: api }: DemoMerchant): Promise<string> {
  const { id } = await createInvoice(api);
  await simulatePayment(api, id, (await createQuote(api, id)).id);
  return id;
}

/** The data of the next result. Throws its errors, and when the stream ends instead. */
export async function next<Data>(stream: AsyncIterator<ExecutionResult<Data>>): Promise<Data> {
  const { value, done } = await stream.next();
  if (done === true) throw new Error('the stream ended');
  const { data, errors } = value;
  if (errors || !data) throw new Error(`an error: ${JSON.stringify(errors)}`);
  return data;
}

/** Takes results until one is as wanted; gives all of them. */
export async function takeUntil<Data>(
  stream: AsyncIterator<ExecutionResult<Data>>,
  wanted: (data: Data) => boolean,
): Promise<Data[]> {
  const taken: Data[] = [];
  for (;;) {
    const data = await next(stream);
    taken.push(data);
    if (wanted(data)) return taken;
  }
}

export async function anotherProject({ owner, merchantId }: DemoMerchant, name: string): Promise<string> {
  const made = await owner.send(operations.ProjectCreateDocument, { input: { merchantId, name } });
  return accepted(made.projectCreate, 'Project').id;
}

/** A new member with a session, straight into the tables; without `projectId` of all projects. */
export async function insertMember(
  { database: { pool } }: TestPlatform,
  { merchantId }: DemoMerchant,
  role: Role,
  projectId?: string,
): Promise<{ readonly token: string; readonly userId: string }> {
  const userId = await insertUser(pool, `${uuidSource.next()}@member.example`);
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, restricted, project_ids, created_at)
     VALUES ($1, $2, $3, $4::"Role", $5, $6, now())`,
    [
      uuidSource.next(),
      rowIdOf(merchantId),
      userId,
      role,
      projectId !== undefined,
      projectId === undefined ? [] : [rowIdOf(projectId)],
    ],
  );
  return { userId, token: (await insertSession(pool, userId)).token };
}
