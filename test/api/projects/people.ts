import type { Role } from '../../../src/domain/access/actor.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import type { TestPlatform } from '../../testkit/platform.ts';

export interface Member {
  readonly api: ApiClient;
  readonly userId: string;
  readonly sessionId: string;
  /** Global id. */
  readonly merchantId: string;
}

/** A member of a new merchant or of the one named, straight into the tables; stepped up, as keys may ask for it. */
export async function openMember(
  { platform, database: { pool } }: TestPlatform,
  role: Role,
  {
    merchantId,
    projectIds = null,
    at = new Date(),
  }: { merchantId?: string; projectIds?: readonly string[] | null; at?: Date } = {},
): Promise<Member> {
  const userId = await insertUser(pool, `${crypto.randomUUID()}@shop.example`, at);
  const merchant = merchantId ? rowIdOf(merchantId) : uuidSource.next();
  if (!merchantId) {
    await pool.query(
      `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Corner Shop', 'PERSONAL', $2)`,
      [merchant, at],
    );
  }
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, restricted, project_ids, created_at)
    VALUES ($1, $2, $3, $4::"Role", $5, $6, $7)`,
    [uuidSource.next(), merchant, userId, role, projectIds !== null, projectIds?.map(rowIdOf) ?? [], at],
  );
  const { token, sessionId } = await insertSession(pool, userId, { steppedUpAt: at, at });
  return { api: platform.api.as(token), userId, sessionId, merchantId: globalIdOf('Merchant', merchant) };
}

type ProjectInput = operations.ProjectCreateMutationVariables['input'];

/** A new project; gives its global id. */
export async function openProject(
  { api, merchantId }: Pick<Member, 'api' | 'merchantId'>,
  input: Partial<ProjectInput> = {},
): Promise<string> {
  const { projectCreate } = await api.send(operations.ProjectCreateDocument, {
    input: { merchantId, name: 'Corner Shop online', siteUrl: 'https://shop.example/', ...input },
  });
  return accepted(projectCreate, 'Project').id;
}

/** A secret key of the project; the answer, a refusal too. */
export const tryKey = async (api: ApiClient, projectId: string, mode: 'TEST' | 'LIVE') =>
  (
    await api.send(operations.ApiKeyCreateDocument, {
      input: { projectId, mode, kind: 'SECRET', name: 'server' },
    })
  ).apiKeyCreate;

export const settingsOf = async (api: ApiClient, id: string) => {
  const { project } = await api.send(operations.ProjectSettingsOfDocument, { id });
  if (!project) throw new Error('the project is not to be seen');
  return project;
};

export const update = async (
  api: ApiClient,
  projectId: string,
  input: Omit<operations.ProjectUpdateMutationVariables['input'], 'projectId'>,
) => (await api.send(operations.ProjectUpdateDocument, { input: { projectId, ...input } })).projectUpdate;

export const requestModeration = async (api: ApiClient, projectId: string, comment?: string) =>
  (
    await api.send(operations.ProjectModerationRequestDocument, {
      input: { projectId, comment: comment ?? null },
    })
  ).projectModerationRequest;

export const decide = async (
  api: ApiClient,
  projectId: string,
  decision: 'ACTIVE' | 'REJECTED' | 'BLOCKED' | 'UNBLOCKED',
  reason?: string,
) =>
  (
    await api.send(operations.ProjectModerationDecideDocument, {
      input: { projectId, decision, reason: reason ?? null },
    })
  ).projectModerationDecide;
