import type { Pool } from 'pg';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowIdOf } from '../../testkit/facts.ts';

type MakeInput = operations.ApiKeyMakeMutationVariables['input'];
type UpdateInput = operations.ApiKeyUpdateMutationVariables['input'];

/** What a developer does with keys over the API, in steps that tests share. The answers may be refusals. */
export const tryMake = async (owner: ApiClient, input: Partial<MakeInput> & Pick<MakeInput, 'projectId'>) =>
  (
    await owner.send(operations.ApiKeyMakeDocument, {
      input: { mode: 'TEST', kind: 'SECRET', name: 'server', ...input },
    })
  ).apiKeyCreate;

export const make = async (owner: ApiClient, input: Partial<MakeInput> & Pick<MakeInput, 'projectId'>) =>
  accepted(await tryMake(owner, input), 'ApiKeyCreatePayload');

export const tryUpdate = async (owner: ApiClient, input: UpdateInput) =>
  (await owner.send(operations.ApiKeyUpdateDocument, { input })).apiKeyUpdate;

export const tryRotate = async (owner: ApiClient, apiKeyId: string, overlapHours: number) =>
  (await owner.send(operations.ApiKeyRotateDocument, { input: { apiKeyId, overlapHours } })).apiKeyRotate;

export const rotate = async (owner: ApiClient, apiKeyId: string, overlapHours: number) =>
  accepted(await tryRotate(owner, apiKeyId, overlapHours), 'ApiKeyRotatePayload');

export const tryRevoke = async (owner: ApiClient, apiKeyId: string) =>
  (await owner.send(operations.ApiKeyRevokeDocument, { input: { apiKeyId } })).apiKeyRevoke;

/** Whether a key opens anything. */
export const works = async (api: ApiClient, secret: string): Promise<boolean> =>
  api
    .as(secret)
    .send(operations.OwnProjectDocument, {})
    .then(
      () => true,
      () => false,
    );

/** Reasons of the holds of a merchant, oldest first. */
export async function holdsOf(pool: Pool, merchantId: string): Promise<string[]> {
  const { rows } = await pool.query<{ reason: string }>(
    'SELECT reason FROM withdrawal_hold WHERE merchant_id = $1 ORDER BY started_at, id',
    [rowIdOf(merchantId)],
  );
  return rows.map(({ reason }) => reason);
}
