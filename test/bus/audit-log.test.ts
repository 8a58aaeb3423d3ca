import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import pg from 'pg';
import { v7 } from 'uuid';
import { verifyAudit, type AuditReport } from '../../src/adapters/db/audit-verify.ts';
import { createEventLog } from '../../src/adapters/db/event-log.ts';
import { createEventRelayStore } from '../../src/adapters/db/event-relay-store.ts';
import { deployMigrations } from '../../src/adapters/db/migrate/deploy-migrations.ts';
import { projectFolders } from '../../src/adapters/db/migrate/migration-files.ts';
import { migrateJobs } from '../../src/adapters/jobs/job-migrations.ts';
import { relayBatch, type RelayDeps } from '../../src/workers/event-relay/relay-batch.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { newEvent, recordingLogger, systemClock, until, uuids, writeEvents } from './bus-fixture.ts';
import { addMerchant } from './merchant-fixture.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
  await migrateJobs(db.url, recordingLogger());
  return () => db.drop();
});

const depsOf = (changes: Partial<RelayDeps> = {}): RelayDeps => ({
  log: createEventLog(db.pool),
  store: createEventRelayStore(db.pool),
  clock: systemClock,
  ids: uuids,
  logger: recordingLogger(),
  ...changes,
});

async function relayAll(deps = depsOf(), batch = 200): Promise<void> {
  await until(async () => {
    const { more, heldBack } = await relayBatch(deps, batch);
    return !more && !heldBack;
  });
}

async function verify(expected: { number: bigint; hash: string } | null = null): Promise<AuditReport> {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  try {
    return await verifyAudit(client, expected);
  } finally {
    await client.end();
  }
}

/** As somebody could who owns the database: without the triggers. */
const tamper = async (text: string): Promise<void> => {
  await db.pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${text}; COMMIT`);
};

const userId = v7();
const changed = (changes = {}) =>
  newEvent({
    type: 'user.password_changed',
    mode: null,
    subject: { type: 'USER', id: userId },
    actor: { type: 'USER', id: userId, ip: '192.0.2.1', device: 'Firefox on Linux' },
    ...changes,
  });

/** Events of several kinds and their entries. */
async function written(count = 5): Promise<string[]> {
  const merchantId = await addMerchant(db.pool);
  const key = newEvent({
    type: 'api_key.created',
    merchantId,
    actor: { type: 'USER', id: userId },
    data: { name: 'Główny "klucz" 🔑', prefix: 'pbsk', n: 1.5, on: true, none: null },
  });
  const ids = await writeEvents(db.pool, ...Array.from({ length: count - 1 }, () => changed()), key);
  await writeEvents(db.pool, newEvent({ type: 'invoice.created', merchantId }));
  await relayAll();
  return ids;
}

describe('the audit log', () => {
  test('has each security event once, numbered without gap, and nothing of the course of payments', async () => {
    const ids = await written();
    const { rows } = await db.pool.query<{ number: string; event_id: string }>(
      'SELECT number, event_id FROM audit_entry ORDER BY number',
    );
    expect(rows).toEqual(ids.map((id, place) => ({ number: String(place + 1), event_id: id })));
    expect(await verify()).toMatchObject({ entries: 5, head: { number: 5n }, waiting: 0, faults: [] });
    await writeEvents(db.pool, changed());
    expect(await verify()).toMatchObject({ entries: 5, waiting: 1, faults: [] });
  });

  test('tells who, about whom, and from where', async () => {
    const merchantId = await addMerchant(db.pool);
    const about = { subject: { type: 'USER', id: userId } } as const;
    await writeEvents(
      db.pool,
      changed(),
      newEvent({
        type: 'session.refused',
        ...about,
        actor: { type: 'ANONYMOUS', id: null },
        data: { ip: '192.0.2.2', device: 'curl' },
      }),
      newEvent({
        type: 'user.two_factor_reset_decided',
        ...about,
        actor: { type: 'OPERATOR', id: v7(), ip: '192.0.2.3' },
      }),
      newEvent({
        type: 'member.removed',
        merchantId,
        subject: { type: 'MEMBER', id: v7() },
        actor: { type: 'USER', id: userId, ip: '192.0.2.4' },
        data: { userId: v7() },
      }),
      newEvent({ type: 'merchant.updated', merchantId, actor: { type: 'API_KEY', id: v7() } }),
    );
    await relayAll();
    const { rows } = await db.pool.query('SELECT user_id, ip, device FROM audit_entry ORDER BY number');
    expect(rows).toEqual([
      { user_id: userId, ip: '192.0.2.1', device: 'Firefox on Linux' },
      { user_id: userId, ip: '192.0.2.2', device: 'curl' },
      { user_id: userId, ip: '192.0.2.3', device: null },
      { user_id: userId, ip: '192.0.2.4', device: null },
      { user_id: null, ip: null, device: null },
    ]);
  });

  test('stays whole with relays at once, in small batches', async () => {
    for (let i = 0; i < 30; i += 1) await writeEvents(db.pool, changed());
    await Promise.all([1, 2, 3, 4].map(() => relayAll(depsOf(), 3)));
    expect(await verify()).toMatchObject({ entries: 30, head: { number: 30n }, waiting: 0, faults: [] });
  });

  test('does not repeat itself when the cursor is put back', async () => {
    await written();
    await db.pool.query('TRUNCATE event_cursor');
    await writeEvents(db.pool, changed());
    await relayAll();
    expect(await verify()).toMatchObject({ entries: 6, waiting: 0, faults: [] });
  });

  test('has the entry of an event that could not be told', async () => {
    const merchantId = await addMerchant(db.pool);
    const [poison = ''] = await writeEvents(db.pool, newEvent({ type: 'api_key.created', merchantId }));
    const store = createEventRelayStore(db.pool);
    const stranger = {
      id: v7(),
      eventId: poison,
      userId: v7(),
      category: 'SECURITY',
      severity: 'INFO',
    } as const;
    const logger = recordingLogger();
    const advance: typeof store.advance = (step) =>
      store.advance(step.audited.length > 0 && !told ? { ...step, notifications: [stranger] } : step);
    let told = false;
    logger.error = () => void (told = true);
    await relayAll(depsOf({ logger, store: { ...store, advance } }));
    expect(told).toBe(true);
    expect(await verify()).toMatchObject({ entries: 1, waiting: 0, faults: [] });
  });

  test('is only added to', async () => {
    await written();
    for (const text of [
      'UPDATE audit_entry SET ip = NULL',
      'DELETE FROM audit_entry',
      'TRUNCATE audit_entry',
    ])
      await expect(db.pool.query(text), text).rejects.toThrow(/audit_entry/);
    expect(await verify()).toMatchObject({ entries: 5, faults: [] });
  });

  test('of a gateway that had events before begins behind them', async () => {
    await written();
    await tamper('DELETE FROM audit_entry');
    await db.pool.query(
      `INSERT INTO event_cursor (reader, txid, seq) SELECT 'audit_start', txid, seq FROM event_cursor WHERE reader = 'relay'`,
    );
    await writeEvents(db.pool, changed());
    await relayAll();
    expect(await verify()).toMatchObject({ entries: 1, head: { number: 1n }, faults: [] });
  });
});

test('a gateway that had events is upgraded: what its relay has not told of yet has its entry', async () => {
  const empty = await createEmptyDatabase();
  const migrations = await mkdtemp(path.join(tmpdir(), 'paybell-migrations-'));
  try {
    await db.drop();
    db = empty;
    await cp(projectFolders.migrations, migrations, { recursive: true });
    // The version before the audit log: what comes later builds on it.
    const newer = (await readdir(migrations)).filter((name) => /^\d/.test(name) && name >= '20261121120');
    for (const name of newer) await rm(path.join(migrations, name), { recursive: true });
    await deployMigrations(db.url, { ...projectFolders, migrations });
    const [, told = '', waiting = ''] = await writeEvents(db.pool, changed(), changed(), changed());
    await db.pool.query(
      `INSERT INTO event_cursor (reader, txid, seq) SELECT 'relay', txid, seq FROM event WHERE id = $1`,
      [told],
    );
    expect(await deployMigrations(db.url, projectFolders)).toEqual(newer.toSorted());
    await migrateJobs(db.url, recordingLogger());
    expect(await verify()).toMatchObject({ entries: 0, waiting: 1, faults: [] });
    const [later] = await writeEvents(db.pool, changed());
    await relayAll();
    const { rows } = await db.pool.query('SELECT number, event_id FROM audit_entry ORDER BY number');
    expect(rows).toEqual([
      { number: '1', event_id: waiting },
      { number: '2', event_id: later },
    ]);
    expect(await verify()).toMatchObject({ entries: 2, waiting: 0, faults: [] });
    // A relay of the former version that was left running: what it passes over is missed.
    const [missed] = await writeEvents(db.pool, changed());
    await db.pool.query(
      `UPDATE event_cursor c SET txid = e.txid, seq = e.seq FROM event e WHERE reader = 'relay' AND e.id = $1`,
      [missed],
    );
    expect(await verify()).toMatchObject({ entries: 2, faults: [{ number: null, eventId: missed }] });
  } finally {
    await rm(migrations, { recursive: true });
  }
});

describe('whoever owns the database is seen when they', () => {
  let ids: string[];
  beforeEach(async () => {
    ids = await written();
  });

  test('change any part of an entry', async () => {
    await db.pool.query('CREATE TABLE audit_copy AS TABLE audit_entry');
    for (const set of [
      `type = 'user.pin_set'`,
      `user_id = '01990000-0000-7000-8000-000000000001'`,
      `merchant_id = '01990000-0000-7000-8000-000000000001'`,
      `project_id = '01990000-0000-7000-8000-000000000001'`,
      `subject_type = 'MERCHANT'`,
      `subject_id = '01990000-0000-7000-8000-000000000001'`,
      `ip = '198.51.100.1'`,
      'device = NULL',
      `occurred_at = occurred_at + interval '1 millisecond'`,
      `actor = '{"type": "SYSTEM", "id": null}'`,
      `data = '{"a": 1}'`,
      `hash = decode(repeat('00', 32), 'hex')`,
    ]) {
      await tamper(`UPDATE audit_entry SET ${set} WHERE number = 3`);
      const { faults } = await verify();
      expect(faults, set).toContainEqual({
        number: 3n,
        eventId: ids[2],
        what: 'its hash does not fit its content and the entry before it',
      });
      // The entry itself, and the next one where the hash that it stands behind was changed.
      expect(faults.every(({ number }) => number === 3n || number === 4n)).toBe(true);
      await tamper('DELETE FROM audit_entry; INSERT INTO audit_entry SELECT * FROM audit_copy');
    }
    expect((await verify()).faults).toEqual([]);
  });

  test('change an entry and chain all that follow anew', async () => {
    const before = await verify();
    await tamper(`UPDATE audit_entry SET data = '{"forged": true}' WHERE number = 3`);
    await rechain();
    expect(await verify()).toMatchObject({ faults: [{ number: 3n, what: 'it differs from its event' }] });
    // With the event changed as well, only a head that was noted elsewhere tells.
    await tamper(`UPDATE event SET data = '{"forged": true}' WHERE id = '${ids[2]}'`);
    expect((await verify()).faults).toEqual([]);
    expect(await verify(before.head)).toMatchObject({
      faults: [{ number: 5n, what: 'its hash is not the expected one' }],
    });
  });

  test('take out an entry', async () => {
    await tamper('DELETE FROM audit_entry WHERE number = 2');
    const { faults } = await verify();
    expect(faults.map(({ number, what }) => [number, what])).toEqual([
      [3n, 'entries are missing before it: the last one is 1'],
      [3n, 'its hash does not fit its content and the entry before it'],
      [null, 'the event user.password_changed has no entry'],
    ]);
  });

  test('take off the last entries, or all, also when the log goes on', async () => {
    const { head } = await verify();
    await tamper('DELETE FROM audit_entry WHERE number > 3');
    expect((await verify()).faults.map(({ eventId }) => eventId)).toEqual([ids[3], ids[4]]);
    expect((await verify(head)).faults[0]?.what).toBe('the expected entry is not there');
    await writeEvents(db.pool, changed());
    await relayAll();
    expect((await verify()).faults.map(({ eventId }) => eventId)).toEqual([ids[3], ids[4]]);
    await tamper('DELETE FROM audit_entry');
    expect((await verify()).faults).toHaveLength(6);
  });

  test('invent an entry, or take away an event', async () => {
    await tamper(`INSERT INTO audit_entry SELECT 6, '${v7()}', type, user_id, merchant_id, project_id, actor, subject_type,
      subject_id, data, ip, device, occurred_at, hash FROM audit_entry WHERE number = 5`);
    expect((await verify()).faults.map(({ what }) => what)).toContain('its event is not there');
    await tamper(`DELETE FROM audit_entry WHERE number = 6; DELETE FROM event WHERE id = '${ids[1]}'`);
    expect(await verify()).toMatchObject({ faults: [{ number: 2n, what: 'its event is not there' }] });
  });
});

/** Computes every hash anew, as somebody could who has read this repository. */
async function rechain(): Promise<void> {
  const { AUDIT_ROOT, auditContent, auditHash } = await import('../../src/adapters/db/audit-chain.ts');
  const { rows } = await db.pool.query('SELECT * FROM audit_entry ORDER BY number');
  let hash = AUDIT_ROOT;
  for (const row of rows) {
    hash = auditHash(hash, BigInt(row.number), auditContent(row));
    await tamper(
      `UPDATE audit_entry SET hash = decode('${Buffer.from(hash).toString('hex')}', 'hex') WHERE number = ${row.number}`,
    );
  }
}

describe('npm run audit:verify', () => {
  const COMMAND = path.join(import.meta.dirname, '../../src/commands/audit-verify.ts');
  const run = async (...argument: string[]): Promise<{ code: number; output: string }> => {
    const env = { ...process.env, DATABASE_URL: db.url };
    return await promisify(execFile)(process.execPath, [COMMAND, ...argument], { env }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
    );
  };

  test('tells the head, checks one that was noted, and says where the log breaks', async () => {
    const ids = await written();
    const whole = await run();
    expect(whole).toMatchObject({ code: 0, output: expect.stringContaining('5 entries and is whole') });
    const [head = ''] = /\b5:[0-9a-f]{64}\b/.exec(whole.output) ?? [];
    expect(await run(head)).toMatchObject({ code: 0 });
    expect(await run(`4:${head.slice(2)}`)).toMatchObject({
      code: 1,
      output: expect.stringContaining('expected'),
    });
    expect(await run('nonsense')).toMatchObject({ code: 1 });
    await tamper(`UPDATE audit_entry SET ip = NULL WHERE number = 2`);
    const broken = await run();
    expect(broken).toMatchObject({
      code: 1,
      output: expect.stringContaining(`entry 2, event ${ids[1]}: its hash`),
    });
  });
});
