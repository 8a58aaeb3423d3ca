import { request as httpRequest } from 'node:http';
import sharp from 'sharp';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { openMember, openProject, settingsOf, type Member } from './people.ts';
import { bomb, GIF, HTML, jpeg, png, SVG, webp } from './pictures.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
let owner: Member;
beforeEach(async () => {
  // A person of each test's own: a person may try twenty files in a while.
  owner = await openMember(kit, 'OWNER', { at: clock.now() });
});

/** The link without the public address in front: tests reach the gateway at another port. */
async function uploadLink(projectId: string, { api }: Pick<Member, 'api'> = owner): Promise<string> {
  const { projectLogoUploadCreate } = await api.send(operations.ProjectLogoUploadCreateDocument, {
    input: { projectId },
  });
  const { uploadUrl } = accepted(projectLogoUploadCreate, 'ProjectLogoUploadCreatePayload');
  const { pathname, search } = new URL(uploadUrl);
  return pathname + search;
}

interface Upload {
  readonly status: number;
  readonly code?: string;
  readonly logoUrl?: string;
}

async function put(link: string, body: Uint8Array): Promise<Upload> {
  const response = await fetch(kit.platform.url + link, { method: 'PUT', body: new Uint8Array(body) });
  const answer = (await response.json()) as { logoUrl?: string; errors?: { extensions: { code: string } }[] };
  const code = answer.errors?.[0]?.extensions.code;
  return {
    status: response.status,
    ...(code === undefined ? {} : { code }),
    ...(answer.logoUrl === undefined ? {} : { logoUrl: new URL(answer.logoUrl).pathname }),
  };
}

const counts = () => rowCounts(kit.database.pool, ['project_logo', 'event']);
async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await counts();
  await work();
  expect(await counts()).toEqual(before);
}

const shown = async (projectId: string) => {
  const { logoUrl } = await settingsOf(owner.api, projectId);
  return logoUrl === null ? null : new URL(logoUrl).pathname;
};

describe('a logo', () => {
  test.each([
    ['PNG', png, [32, 16]],
    ['WebP', webp, [32, 16]],
    ['JPEG, turned as the camera was', jpeg, [16, 32]],
    ['PNG that is too big for a logo', () => png(2000, 1000), [512, 256]],
    ['PNG of as many pixels as are decoded', () => bomb(4096, 4096), [512, 512]],
  ] as const)('of a %s is stored as a PNG of its own', async (_what, picture, [width, height]) => {
    const id = await openProject(owner);
    const sent = await picture();
    const { status, logoUrl } = await put(await uploadLink(id), sent);
    expect(status).toBe(201);
    expect(await shown(id)).toBe(logoUrl);
    const response = await fetch(kit.platform.url + (logoUrl ?? ''));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.includes('secret artist')).toBe(false);
    const stored = await sharp(bytes).metadata();
    expect(stored).toMatchObject({ format: 'png', width, height });
    expect(stored.exif).toBeUndefined();
  });

  test('is replaced by the next one and taken away, and each time it is told', async () => {
    const id = await openProject(owner);
    const first = await put(await uploadLink(id), await png());
    const second = await put(await uploadLink(id), await png());
    expect(second.logoUrl).not.toBe(first.logoUrl);
    expect((await fetch(kit.platform.url + (first.logoUrl ?? ''))).status).toBe(404);
    const input = { projectId: id };
    const { projectLogoRemove } = await owner.api.send(operations.ProjectLogoRemoveDocument, { input });
    expect(accepted(projectLogoRemove, 'Project').logoUrl).toBeNull();
    expect((await fetch(kit.platform.url + (second.logoUrl ?? ''))).status).toBe(404);
    const again = await owner.api.send(operations.ProjectLogoRemoveDocument, { input });
    expect(again.projectLogoRemove).toMatchObject({ code: 'WRONG_STATE' });
    const { rows } = await kit.database.pool.query(
      `SELECT data, actor->>'type' AS by, actor->>'id' AS person FROM event
      WHERE project_id = $1 AND type = 'project.updated'`,
      [rowIdOf(id)],
    );
    const told = { data: { name: 'Corner Shop online', changed: 'logo' }, by: 'USER', person: owner.userId };
    expect(rows).toEqual([told, told, told]);
  });

  test.each([
    '/logos/',
    '/logos/x',
    '/logos/019a0000-0000-7000-8000-000000000000',
    "/logos/'--",
    '/logos/a/b',
  ])('is not at %s', async (path) => {
    expect((await fetch(kit.platform.url + path)).status).toBe(404);
  });

  test('is only read where it is served', async () => {
    const id = await openProject(owner);
    const { logoUrl = '' } = await put(await uploadLink(id), await png());
    const head = await fetch(kit.platform.url + logoUrl, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect((await fetch(kit.platform.url + logoUrl, { method: 'DELETE' })).status).toBe(405);
    expect(await shown(id)).toBe(logoUrl);
  });
});

describe('what is no logo', () => {
  let projectId: string;
  beforeEach(async () => {
    projectId = await openProject(owner);
  });

  const files: readonly [what: string, file: () => Promise<Buffer> | Buffer][] = [
    ['an SVG', () => SVG],
    ['an SVG behind a byte order mark', () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), SVG])],
    ['a page', () => HTML],
    ['a GIF', () => GIF],
    ['nothing', () => Buffer.alloc(0)],
    ['a PNG signature with an SVG behind it', async () => Buffer.concat([(await png()).subarray(0, 8), SVG])],
    ['a JPEG signature with a page behind it', () => Buffer.concat([Buffer.from('ffd8ff', 'hex'), HTML])],
    ['a PNG that ends early', async () => (await png(300, 300)).subarray(0, -40)],
    ['a JPEG that ends early', async () => (await jpeg()).subarray(0, 200)],
    ['a PNG of 10,000 million pixels', () => bomb(100_000, 100_000)],
    ['a PNG of 4097 × 4097 pixels', () => bomb(4097, 4097)],
  ];
  test.each(files)('is %s', async (_what, file) => {
    const link = await uploadLink(projectId);
    const bytes = await file();
    await unchanged(async () => {
      expect(await put(link, bytes)).toEqual({ status: 415, code: 'INVALID_INPUT' });
    });
  });

  test('is a file above 1 MiB, whether or not it says so', async () => {
    const link = await uploadLink(projectId);
    const bytes = Buffer.concat([await png(), Buffer.alloc(1024 * 1024)]);
    await unchanged(async () => {
      expect(await put(link, bytes)).toEqual({ status: 413, code: 'BODY_TOO_LARGE' });
      const chunked = await fetch(kit.platform.url + link, {
        method: 'PUT',
        body: new ReadableStream({
          start(controller) {
            controller.enqueue(new Uint8Array(bytes));
            controller.close();
          },
        }),
        duplex: 'half',
      } as RequestInit);
      expect(chunked.status).toBe(413);
    });
  });

  test('is a file that ends before the length that was told', async () => {
    const link = await uploadLink(projectId);
    const bytes = await png();
    await unchanged(async () => {
      const ended = await new Promise<string>((resolve) => {
        const sending = httpRequest(kit.platform.url + link, {
          method: 'PUT',
          headers: { 'content-length': bytes.length + 100 },
        });
        sending.once('response', () => resolve('an answer'));
        sending.once('error', () => resolve('no answer'));
        sending.write(bytes, () => sending.destroy());
      });
      expect(ended).toBe('no answer');
    });
    expect(await shown(projectId)).toBeNull();
  });

  test('leaves a picture behind which a page hides: only the pixels are kept', async () => {
    const id = await openProject(owner);
    const { logoUrl = '' } = await put(await uploadLink(id), Buffer.concat([await png(), HTML]));
    const bytes = Buffer.from(await (await fetch(kit.platform.url + logoUrl)).arrayBuffer());
    expect(bytes.includes('script')).toBe(false);
    expect((await sharp(bytes).metadata()).format).toBe('png');
  });
});

describe('a link', () => {
  test('is good for one logo, of ten at once too', async () => {
    const id = await openProject(owner);
    const link = await uploadLink(id);
    const file = await png();
    const sent = await Promise.all(Array.from({ length: 10 }, () => put(link, file)));
    expect(sent.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(sent.filter(({ status }) => status === 403)).toHaveLength(9);
    expect(await put(link, file)).toEqual({ status: 403, code: 'INVALID_TOKEN' });
    const { rowCount } = await kit.database.pool.query('SELECT FROM project_logo WHERE project_id = $1', [
      rowIdOf(id),
    ]);
    expect(rowCount).toBe(1);
  });

  test('ends after ten minutes', async () => {
    const person = await openMember(kit, 'OWNER', { at: clock.now() });
    const id = await openProject(person);
    const link = await uploadLink(id, person);
    clock.advance({ seconds: 9 * 60 });
    // Not yet: what is wrong now is the file.
    expect(await put(link, HTML)).toMatchObject({ status: 415 });
    clock.advance({ seconds: 60 });
    expect(await put(link, await png())).toEqual({ status: 403, code: 'INVALID_TOKEN' });
  });

  test('ends with the session, and with the right, of who asked for it', async () => {
    for (const end of [
      'UPDATE session SET ended_at = now() WHERE user_id = $1',
      `UPDATE member SET role = 'VIEWER' WHERE user_id = $1`,
      'UPDATE member SET restricted = true WHERE user_id = $1',
      'DELETE FROM member WHERE user_id = $1',
    ]) {
      const person = await openMember(kit, 'DEVELOPER', { at: clock.now() });
      const id = await openProject(person);
      const link = await uploadLink(id, person);
      await kit.database.pool.query(end, [person.userId]);
      await unchanged(async () => {
        expect(await put(link, await png()), end).toEqual({ status: 403, code: 'INVALID_TOKEN' });
      });
    }
  });

  test('ends with the session also while the file is on its way', async () => {
    const id = await openProject(owner);
    const link = await uploadLink(id);
    const bytes = await png();
    const { pool } = kit.database;
    const uploads = async () =>
      (
        await pool.query(
          `SELECT coalesce(sum(count), 0)::int AS n FROM attempt_count WHERE key LIKE 'upload/%'`,
        )
      ).rows[0].n;
    const before = await uploads();
    await unchanged(async () => {
      const headers = { 'content-length': bytes.length };
      const sending = httpRequest(kit.platform.url + link, { method: 'PUT', headers });
      const answered = new Promise<number | undefined>((resolve, reject) => {
        sending.once('response', (response) => resolve(response.resume().statusCode));
        sending.once('error', reject);
      });
      sending.write(bytes.subarray(0, 20));
      await vi.waitFor(async () => expect(await uploads()).toBe(before + 1));
      await pool.query('UPDATE session SET ended_at = now() WHERE id = $1', [owner.sessionId]);
      sending.end(bytes.subarray(20));
      expect(await answered).toBe(403);
    });
  });

  test('cannot be written for another project or another time', async () => {
    const person = await openMember(kit, 'OWNER', { at: clock.now() });
    const mine = await uploadLink(await openProject(person), person);
    const theirs = rowIdOf(await openProject(owner));
    const token = new URL(mine, 'http://x').searchParams.get('token') ?? '';
    const [project = '', session = '', logo = '', expires = '', mac = ''] = token.split('.');
    const file = await png();
    await unchanged(async () => {
      for (const forged of [
        '',
        'x',
        [theirs, session, logo, expires, mac].join('.'),
        [project, owner.sessionId, logo, expires, mac].join('.'),
        [project, session, logo, String(Number(expires) + 3_600_000), mac].join('.'),
        [project, session, theirs, expires, mac].join('.'),
        [project, session, logo, expires, ''].join('.'),
        [project, session, logo, expires].join('.'),
        `${token}x`,
        ` ${token}`,
        token.toUpperCase(),
        'x'.repeat(8000),
      ]) {
        const link = `/uploads/logo?token=${encodeURIComponent(forged)}`;
        expect(await put(link, file), forged).toEqual({ status: 403, code: 'INVALID_TOKEN' });
      }
    });
    expect((await fetch(`${kit.platform.url}${mine}`)).status).toBe(405);
    expect((await fetch(`${kit.platform.url}/uploads/logo`, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  test('lets a person try twenty files in a quarter of an hour', async () => {
    const person = await openMember(kit, 'OWNER', { at: clock.now() });
    const link = await uploadLink(await openProject(person), person);
    const sent = await Promise.all(Array.from({ length: 25 }, () => put(link, HTML)));
    expect(sent.filter(({ status }) => status === 415)).toHaveLength(20);
    expect(sent.filter(({ status }) => status === 429)).toHaveLength(5);
  });
});
