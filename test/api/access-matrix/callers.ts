import type { Actor, Membership, Mode, OperatorActor, Role } from '../../../src/domain/access/actor.ts';
import { ANONYMOUS } from '../../../src/domain/access/actor.ts';
import { createSecrets } from '../../../src/adapters/secrets/token-secrets.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import {
  API_KEY_RIGHTS,
  OPERATOR_ROLE_RIGHTS,
  ROLE_RIGHTS,
  type OperatorRole,
  type Right,
} from '../../../src/domain/access/rights.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import type { Caller } from './walker.ts';
import { rowId, type World } from './world.ts';

/** A caller of the real API. */
export interface ApiCaller extends Caller {
  readonly token: string | null;
}

const ROLES = Object.keys(ROLE_RIGHTS) as Role[];
/** Those that cannot be restricted to projects. */
const UNRESTRICTED: ReadonlySet<Role> = new Set(['OWNER', 'ADMIN']);
const OPERATOR_ROLES = Object.keys(OPERATOR_ROLE_RIGHTS) as OperatorRole[];
/** Longer than a session with a PIN stays open by itself. */
const LOCKED_AFTER_MS = 20 * 60_000;

/** Everybody who may try: nobody, strangers, every role, keys of every scope, operators, and a locked session. */
export async function everybody(world: World): Promise<readonly ApiCaller[]> {
  return [
    { name: 'nobody', actor: ANONYMOUS, token: null },
    await stranger(world),
    ...(await members(world)),
    ...(await keys(world)),
    ...(await operators(world)),
    await lockedOwner(world),
  ];
}

const person = (userId: string, sessionId: string) => ({
  userId,
  sessionId,
  secondFactorAt: null,
  steppedUpAt: null,
  validUntil: new Date('2100-01-01T00:00:00Z'),
});

async function signIn(
  { pool }: World,
  name: string,
): Promise<{ userId: string; token: string; sessionId: string }> {
  const userId = await insertUser(pool, `${name.toLowerCase().replaceAll(/\W+/g, '-')}@matrix.example`);
  return { userId, ...(await insertSession(pool, userId)) };
}

/** The owner of another merchant. */
async function stranger(world: World): Promise<ApiCaller> {
  const merchantId = rowId(world.strangerMerchantId);
  const userId = rowId(world.strangerId);
  const { token, sessionId } = await insertSession(world.pool, userId);
  const memberships: Membership[] = [{ merchantId, role: 'OWNER', projectIds: null }];
  return {
    name: 'OWNER of another merchant',
    token,
    actor: { type: 'USER', ...person(userId, sessionId), memberships },
  };
}

async function members(world: World): Promise<ApiCaller[]> {
  const merchantId = rowId(world.merchantId);
  const here = [rowId(world.projectId)];
  const elsewhere = [rowId(world.otherProjectId)];
  const restrictable = ROLES.filter((role) => !UNRESTRICTED.has(role));
  const made: ApiCaller[] = [];
  const wanted: (readonly [name: string, membership: Membership])[] = [
    ...ROLES.map((role) => [role, { merchantId, role, projectIds: null }] as const),
    ...restrictable.flatMap((role) => [
      [`${role} of this project`, { merchantId, role, projectIds: here }] as const,
      [`${role} of another project`, { merchantId, role, projectIds: elsewhere }] as const,
    ]),
  ];
  for (const [name, membership] of wanted) {
    const { userId, token, sessionId } = await signIn(world, `member ${name}`);
    await insertMember(world, userId, membership);
    const actor: Actor = { type: 'USER', ...person(userId, sessionId), memberships: [membership] };
    made.push({ name, actor, token });
  }
  const { userId, token, sessionId } = await signIn(world, 'disabled owner');
  await insertMember(world, userId, { merchantId, role: 'OWNER', projectIds: null }, new Date());
  made.push({
    name: 'disabled OWNER',
    token,
    actor: { type: 'USER', ...person(userId, sessionId), memberships: [] },
  });
  return made;
}

async function insertMember(
  { pool }: World,
  userId: string,
  { merchantId, role, projectIds }: Membership,
  disabledAt: Date | null = null,
): Promise<void> {
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, restricted, project_ids, created_at, disabled_at)
     VALUES ($1, $2, $3, $4::"Role", $5, $6, now(), $7)`,
    [uuidSource.next(), merchantId, userId, role, projectIds !== null, projectIds ?? [], disabledAt],
  );
}

interface KeyFacts {
  readonly kind: 'SECRET' | 'PUBLISHABLE';
  readonly mode: Mode;
  readonly scopes: readonly Right[];
  readonly merchantId: string;
  readonly projectId: string;
}

async function keys(world: World): Promise<ApiCaller[]> {
  const here = { merchantId: rowId(world.merchantId), projectId: rowId(world.projectId) };
  const all = { kind: 'SECRET', scopes: API_KEY_RIGHTS.SECRET } as const;
  const page = { kind: 'PUBLISHABLE', scopes: API_KEY_RIGHTS.PUBLISHABLE } as const;
  return [
    await key(world, 'TEST key', { ...here, ...all, mode: 'TEST' }),
    await key(world, 'LIVE key', { ...here, ...all, mode: 'LIVE' }),
    await key(world, 'publishable TEST key', { ...here, ...page, mode: 'TEST' }),
    await key(world, 'publishable LIVE key', { ...here, ...page, mode: 'LIVE' }),
    await key(world, 'key of another project', {
      ...here,
      ...all,
      projectId: rowId(world.otherProjectId),
      mode: 'TEST',
    }),
    await key(world, 'key of another merchant', {
      ...all,
      merchantId: rowId(world.strangerMerchantId),
      projectId: rowId(world.strangerProjectId),
      mode: 'TEST',
    }),
    ...(await Promise.all(
      API_KEY_RIGHTS.SECRET.map((right) =>
        key(world, `TEST key for ${right}`, { ...here, kind: 'SECRET', mode: 'TEST', scopes: [right] }),
      ),
    )),
    await key(world, 'TEST key for nothing', { ...here, kind: 'SECRET', mode: 'TEST', scopes: [] }),
  ];
}

/** Random secrets need no key. */
const secrets = createSecrets(new Uint8Array(32));

async function key({ pool }: World, name: string, facts: KeyFacts): Promise<ApiCaller> {
  const { merchantId, projectId, mode, kind, scopes } = facts;
  const prefix = `pb${kind === 'SECRET' ? 'sk' : 'pk'}_${mode.toLowerCase()}_`;
  const { secret, hash } = secrets.issue(prefix);
  const apiKeyId = uuidSource.next();
  await pool.query(
    `INSERT INTO api_key (id, merchant_id, project_id, mode, kind, scopes, name, prefix, token_hash, created_at)
     VALUES ($1, $2, $3, $4::"Mode", $5::"ApiKeyKind", $6, $7, $8, $9, now())`,
    [apiKeyId, merchantId, projectId, mode, kind, scopes, name, prefix, hash],
  );
  return { name, token: secret, actor: { type: 'API_KEY', apiKeyId, ...facts } };
}

async function operators(world: World): Promise<ApiCaller[]> {
  const made: ApiCaller[] = [];
  for (const role of OPERATOR_ROLES) {
    for (const secondFactorAt of [new Date(), null]) {
      const name = `operator ${role}${secondFactorAt ? '' : ' without second factor'}`;
      const userId = await insertUser(
        world.pool,
        `${name.toLowerCase().replaceAll(' ', '-')}@matrix.example`,
      );
      await world.pool.query(
        'INSERT INTO operator (user_id, role, created_at) VALUES ($1, $2::"OperatorRole", now())',
        [userId, role],
      );
      const { token, sessionId } = await insertSession(world.pool, userId, { secondFactorAt });
      const actor: OperatorActor = { type: 'OPERATOR', ...person(userId, sessionId), secondFactorAt, role };
      made.push({ name, actor, token });
    }
  }
  return made;
}

async function lockedOwner(world: World): Promise<ApiCaller> {
  const userId = await insertUser(world.pool, 'locked@matrix.example');
  const merchantId = rowId(world.merchantId);
  await insertMember(world, userId, { merchantId, role: 'OWNER', projectIds: null });
  await world.pool.query(`UPDATE "user" SET pin_hash = password_hash WHERE id = $1`, [userId]);
  const at = new Date(Date.now() - LOCKED_AFTER_MS);
  const { token, sessionId } = await insertSession(world.pool, userId, { at });
  return {
    name: 'OWNER with a locked session',
    token,
    actor: { type: 'LOCKED', ...person(userId, sessionId) },
  };
}
