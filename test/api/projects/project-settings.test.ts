import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, tryInvoice, tryQuote } from '../../testkit/shop.ts';
import { openMember, openProject, settingsOf, tryKey, update, type Member } from './people.ts';

const kit = usePlatform();
let owner: Member;
let stranger: Member;
beforeAll(async () => {
  owner = await openMember(kit, 'OWNER');
  stranger = await openMember(kit, 'OWNER');
});

const WRITTEN = ['project', 'moderation_change', 'api_key', 'invoice', 'event'];
async function unchanged(work: () => Promise<void>): Promise<void> {
  const rows = async () =>
    (
      await kit.database.pool.query<{ text: string }>(
        'SELECT string_agg(p::text, chr(10) ORDER BY id) AS text FROM project p',
      )
    ).rows[0]?.text;
  const before = [await rowCounts(kit.database.pool, WRITTEN), await rows()];
  await work();
  expect([await rowCounts(kit.database.pool, WRITTEN), await rows()]).toEqual(before);
}

const PLAIN_PAGE = {
  title: null,
  accentColor: '#1f5fd0',
  backgroundColor: '#ffffff',
  supportEmail: null,
  supportUrl: null,
  language: null,
  redirectAutomatically: false,
  showMerchantName: true,
};
const PLAIN_DEFAULTS = {
  invoiceLifetimeSeconds: 600,
  acceptedAssets: [],
  underpaidAmount: null,
  underpaidPercent: '0.00',
  policies: { underpaid: 'HOLD', overpaid: 'CREDIT', late: 'HOLD', duplicate: 'HOLD' },
  confirmations: [],
  settlementCurrency: null,
  rateSpreadPercent: '0.00',
  rateLockSeconds: 900,
  monitoringSeconds: 86_400,
  networkFeePayer: 'MERCHANT',
};
const FULL = {
  page: {
    title: ' Pay the corner shop ',
    accentColor: '#AA00ff',
    backgroundColor: '#000000',
    supportEmail: 'help@shop.example',
    supportUrl: 'https://shop.example/help',
    language: 'pt-BR',
    redirectAutomatically: true,
    showMerchantName: false,
  },
  defaults: {
    invoiceLifetimeSeconds: 3600,
    acceptedAssets: [
      { asset: 'USDT', network: 'ETHEREUM' },
      { asset: 'BTC', network: 'BITCOIN' },
      { asset: 'USDT', network: 'ETHEREUM' },
    ],
    underpaidAmount: { amount: '0.50', currency: 'USD' },
    underpaidPercent: '1.5',
    policies: { underpaid: 'CREDIT', overpaid: 'REBOUND', late: 'CREDIT', duplicate: 'REBOUND' },
    confirmations: [{ network: 'BITCOIN', blocks: 3 }],
    settlementCurrency: 'USDC',
    rateSpreadPercent: '1.25',
    rateLockSeconds: 60,
    monitoringSeconds: 0,
    networkFeePayer: 'PAYER',
  },
} as const;

describe('the settings of a project', () => {
  test('begin with the defaults', async () => {
    const project = await settingsOf(owner.api, await openProject(owner));
    expect(project).toMatchObject({
      page: PLAIN_PAGE,
      defaults: PLAIN_DEFAULTS,
      archivedAt: null,
      logoUrl: null,
    });
  });

  test('are changed where they are named, and come back to the default by null', async () => {
    const id = await openProject(owner);
    const full = accepted(await update(owner.api, id, FULL), 'Project');
    const kept = {
      page: { ...FULL.page, title: 'Pay the corner shop', accentColor: '#aa00ff' },
      defaults: {
        ...FULL.defaults,
        acceptedAssets: [
          { asset: 'USDT', network: 'ETHEREUM' },
          { asset: 'BTC', network: 'BITCOIN' },
        ],
        underpaidAmount: { amount: '0.50', currency: { code: 'USD' } },
        underpaidPercent: '1.50',
        settlementCurrency: { code: 'USDC' },
      },
    };
    expect(full).toMatchObject(kept);
    const part = await update(owner.api, id, {
      name: ' Corner ',
      page: { title: null },
      defaults: { policies: { late: null }, underpaidAmount: null },
    });
    expect(part).toMatchObject({
      name: 'Corner',
      siteUrl: 'https://shop.example/',
      page: { ...kept.page, title: null },
      defaults: {
        ...kept.defaults,
        underpaidAmount: null,
        policies: { ...kept.defaults.policies, late: 'HOLD' },
      },
    });
    const none = await update(owner.api, id, { siteUrl: null, page: null, defaults: null });
    expect(none).toMatchObject({ name: 'Corner', siteUrl: null, page: PLAIN_PAGE, defaults: PLAIN_DEFAULTS });
  });

  test('tell what was changed, once for each change and not at all for none', async () => {
    const id = await openProject(owner);
    await update(owner.api, id, {
      page: { title: 'Pay', accentColor: null },
      defaults: { underpaidPercent: '1' },
    });
    await unchanged(async () => {
      expect(await update(owner.api, id, {})).toMatchObject({ __typename: 'Project' });
      expect(await update(owner.api, id, { page: {}, defaults: {} })).toMatchObject({
        __typename: 'Project',
      });
    });
    const { rows } = await kit.database.pool.query(
      `SELECT type, data, subject_type, merchant_id, mode FROM event WHERE project_id = $1 ORDER BY txid, seq`,
      [rowIdOf(id)],
    );
    const place = { subject_type: 'PROJECT', merchant_id: rowIdOf(owner.merchantId), mode: null };
    expect(rows).toEqual([
      { ...place, type: 'project.created', data: { name: 'Corner Shop online' } },
      {
        ...place,
        type: 'project.updated',
        data: {
          name: 'Corner Shop online',
          changed: 'underpaidBasisPoints, page.title, page.accentColor',
        },
      },
    ]);
  });

  test('that are changed at once in different places all stay', async () => {
    const id = await openProject(owner);
    await Promise.all([
      update(owner.api, id, { page: { title: 'Pay' } }),
      update(owner.api, id, { page: { language: 'de' } }),
      update(owner.api, id, { page: { supportEmail: 'help@shop.example' } }),
      update(owner.api, id, { page: { redirectAutomatically: true } }),
      update(owner.api, id, { name: 'Corner' }),
      update(owner.api, id, { siteUrl: 'https://corner.example/' }),
      update(owner.api, id, { defaults: { policies: { late: 'CREDIT' } } }),
      update(owner.api, id, { defaults: { policies: { underpaid: 'REBOUND' } } }),
      update(owner.api, id, { defaults: { underpaidPercent: '2' } }),
      update(owner.api, id, { defaults: { confirmations: [{ network: 'ETHEREUM', blocks: 20 }] } }),
    ]);
    expect(await settingsOf(owner.api, id)).toMatchObject({
      name: 'Corner',
      siteUrl: 'https://corner.example/',
      page: { title: 'Pay', language: 'de', supportEmail: 'help@shop.example', redirectAutomatically: true },
      defaults: {
        policies: { late: 'CREDIT', underpaid: 'REBOUND', overpaid: 'CREDIT' },
        underpaidPercent: '2.00',
        confirmations: [{ network: 'ETHEREUM', blocks: 20 }],
      },
    });
  });

  type Input = Parameters<typeof update>[2];
  const wrong: readonly [what: string, input: Input, path: readonly string[]][] = [
    ['no name', { name: null }, ['name']],
    ['an empty name', { name: ' \t ' }, ['name']],
    ['a name of two lines', { name: 'Corner\r\nBcc: x@y.example' }, ['name']],
    ['a long name', { name: 'x'.repeat(101) }, ['name']],
    ['a short colour', { page: { accentColor: '#fff' } }, ['page', 'accentColor']],
    [
      'a colour with CSS',
      { page: { backgroundColor: '#ffffff;background:url(//x)' } },
      ['page', 'backgroundColor'],
    ],
    ['a title of blanks', { page: { title: '  ' } }, ['page', 'title']],
    ['a list of addresses', { page: { supportEmail: 'a@b.example,c@d.example' } }, ['page', 'supportEmail']],
    ['no language', { page: { language: 'de_DE' } }, ['page', 'language']],
    ['a short life', { defaults: { invoiceLifetimeSeconds: 59 } }, ['defaults', 'invoiceLifetimeSeconds']],
    [
      'a long life',
      { defaults: { invoiceLifetimeSeconds: 604_801 } },
      ['defaults', 'invoiceLifetimeSeconds'],
    ],
    [
      'an asset on a network without it',
      { defaults: { acceptedAssets: [{ asset: 'BTC', network: 'ETHEREUM' }] } },
      ['defaults', 'acceptedAssets'],
    ],
    [
      'a negative threshold',
      { defaults: { underpaidAmount: { amount: '-1', currency: 'USD' } } },
      ['defaults', 'underpaidAmount', 'amount'],
    ],
    [
      'too exact a threshold',
      { defaults: { underpaidAmount: { amount: '0.005', currency: 'USD' } } },
      ['defaults', 'underpaidAmount', 'amount'],
    ],
    ['more than half', { defaults: { underpaidPercent: '50.01' } }, ['defaults', 'underpaidPercent']],
    ['less than nothing', { defaults: { underpaidPercent: '-1' } }, ['defaults', 'underpaidPercent']],
    ['too exact a part', { defaults: { underpaidPercent: '0.005' } }, ['defaults', 'underpaidPercent']],
    [
      'too few confirmations',
      { defaults: { confirmations: [{ network: 'ETHEREUM', blocks: 2 }] } },
      ['defaults', 'confirmations'],
    ],
    [
      'too many confirmations',
      { defaults: { confirmations: [{ network: 'BITCOIN', blocks: 145 }] } },
      ['defaults', 'confirmations'],
    ],
    [
      'a spread that is another price',
      { defaults: { rateSpreadPercent: '10.01' } },
      ['defaults', 'rateSpreadPercent'],
    ],
    ['a negative spread', { defaults: { rateSpreadPercent: '-1' } }, ['defaults', 'rateSpreadPercent']],
    ['a rate that is not locked', { defaults: { rateLockSeconds: 59 } }, ['defaults', 'rateLockSeconds']],
    ['a rate for ever', { defaults: { rateLockSeconds: 604_801 } }, ['defaults', 'rateLockSeconds']],
    [
      'monitoring of less than nothing',
      { defaults: { monitoringSeconds: -1 } },
      ['defaults', 'monitoringSeconds'],
    ],
    [
      'monitoring for ever',
      { defaults: { monitoringSeconds: 2_592_001 } },
      ['defaults', 'monitoringSeconds'],
    ],
    [
      'a network twice',
      {
        defaults: {
          confirmations: [
            { network: 'BITCOIN', blocks: 2 },
            { network: 'BITCOIN', blocks: 3 },
          ],
        },
      },
      ['defaults', 'confirmations'],
    ],
  ];
  test.each(wrong)('do not take %s', async (_what, input, path) => {
    const id = await openProject(owner);
    await unchanged(async () => {
      expect(await update(owner.api, id, { ...input, siteUrl: 'https://other.example/' })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', ...path],
      });
    });
  });
});

describe('what is decided for new invoices', () => {
  test('is honoured: how long they live, and how they can be paid', async () => {
    const id = await openProject(owner);
    await update(owner.api, id, {
      defaults: { invoiceLifetimeSeconds: 120, acceptedAssets: [{ asset: 'BTC', network: 'BITCOIN' }] },
    });
    const key = accepted(await tryKey(owner.api, id, 'TEST'), 'ApiKeyCreatePayload').secret;
    const shop = kit.platform.api.as(key);
    const invoice = await createInvoice(shop);
    const { invoice: full } = await shop.send(operations.InvoiceInFullDocument, { id: invoice.id });
    expect(Date.parse(full?.expiresAt ?? '') - Date.parse(full?.createdAt ?? '')).toBe(120_000);
    expect(await tryQuote(shop, invoice.id)).toMatchObject({
      code: 'ASSET_NOT_AVAILABLE',
      message: 'This shop takes no USDT over ETHEREUM.',
      path: ['input', 'asset'],
    });
    const quote = await createQuote(shop, invoice.id, { asset: 'BTC', network: 'BITCOIN' });
    // What a payer was shown stays good, whatever the shop takes from now on.
    await update(owner.api, id, { defaults: { acceptedAssets: [{ asset: 'LTC', network: 'LITECOIN' }] } });
    expect(await createQuote(shop, invoice.id, { asset: 'BTC', network: 'BITCOIN' })).toEqual(quote);
  });
});

describe('an archived project', () => {
  test('takes nothing new, lets open invoices be paid, and comes back as it was', async () => {
    const id = await openProject(owner);
    const key = accepted(await tryKey(owner.api, id, 'TEST'), 'ApiKeyCreatePayload').secret;
    const shop = kit.platform.api.as(key);
    const open = await createInvoice(shop);
    const input = { projectId: id };
    const { projectArchive } = await owner.api.send(operations.ProjectArchiveDocument, { input });
    expect(accepted(projectArchive, 'Project').archivedAt).not.toBeNull();
    await unchanged(async () => {
      const closed = { code: 'PROJECT_NOT_ACTIVE', message: 'The project is archived: restore it first.' };
      expect(await tryInvoice(shop, {})).toMatchObject(closed);
      expect(await tryKey(owner.api, id, 'TEST')).toMatchObject(closed);
      for (const refused of [
        await update(owner.api, id, { name: 'Other' }),
        (await owner.api.send(operations.ProjectArchiveDocument, { input })).projectArchive,
        (await owner.api.send(operations.ProjectLogoUploadCreateDocument, { input })).projectLogoUploadCreate,
        (await owner.api.send(operations.ProjectLogoRemoveDocument, { input })).projectLogoRemove,
        (await owner.api.send(operations.ProjectModerationRequestDocument, { input }))
          .projectModerationRequest,
      ]) {
        expect(refused).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'projectId'] });
      }
    });
    const quote = await createQuote(shop, open.id);
    expect(quote.address).toMatch(/^TEST-/);
    const { projectRestore } = await owner.api.send(operations.ProjectRestoreDocument, { input });
    expect(accepted(projectRestore, 'Project').archivedAt).toBeNull();
    await createInvoice(shop);
    const again = await owner.api.send(operations.ProjectRestoreDocument, { input });
    expect(again.projectRestore).toMatchObject({ code: 'WRONG_STATE' });
  });

  test('is archived once when ten ask at once', async () => {
    const id = await openProject(owner);
    const asked = await Promise.all(
      Array.from({ length: 10 }, () =>
        owner.api.send(operations.ProjectArchiveDocument, { input: { projectId: id } }),
      ),
    );
    expect(asked.filter(({ projectArchive: p }) => p.__typename === 'Project')).toHaveLength(1);
    const { rowCount } = await kit.database.pool.query(
      `SELECT FROM event WHERE project_id = $1 AND type = 'project.archived'`,
      [rowIdOf(id)],
    );
    expect(rowCount).toBe(1);
  });

  test('stands in a list of its own', async () => {
    const somebody = await openMember(kit, 'OWNER');
    const [kept, put] = [await openProject(somebody), await openProject(somebody)];
    await somebody.api.send(operations.ProjectArchiveDocument, { input: { projectId: put } });
    const listed = async (variables: operations.ProjectsByArchiveQueryVariables) => {
      const { projects } = await somebody.api.send(operations.ProjectsByArchiveDocument, variables);
      return projects.edges.map(({ node }) => node.id);
    };
    expect(await listed({})).toEqual([kept]);
    expect(await listed({ archived: false })).toEqual([kept]);
    expect(await listed({ archived: true })).toEqual([put]);
    expect(await listed({ archived: null })).toEqual([put, kept]);
  });
});

test('a stranger, a viewer and who is restricted to other projects change nothing and learn nothing', async () => {
  const id = await openProject(owner);
  const other = await openProject(owner);
  const { merchantId } = owner;
  const people = [
    stranger,
    await openMember(kit, 'VIEWER', { merchantId }),
    await openMember(kit, 'FINANCE', { merchantId }),
    await openMember(kit, 'DEVELOPER', { merchantId, projectIds: [other] }),
  ];
  await unchanged(async () => {
    for (const { api } of people) {
      for (const projectId of [id, globalIdOf('Project', '019a0000-0000-7000-8000-000000000000')]) {
        const input = { projectId };
        for (const refused of [
          // The right is asked before the input is looked at.
          await update(api, projectId, { name: '' }),
          (await api.send(operations.ProjectArchiveDocument, { input })).projectArchive,
          (await api.send(operations.ProjectRestoreDocument, { input })).projectRestore,
          (await api.send(operations.ProjectModerationRequestDocument, { input })).projectModerationRequest,
          (await api.send(operations.ProjectLogoUploadCreateDocument, { input })).projectLogoUploadCreate,
          (await api.send(operations.ProjectLogoRemoveDocument, { input })).projectLogoRemove,
        ]) {
          expect(refused).toMatchObject({
            code: 'NOT_FOUND',
            message: 'There is no such project.',
            path: ['input', 'projectId'],
          });
        }
      }
    }
  });
  const restricted = people[3];
  expect(restricted && (await update(restricted.api, other, { page: { title: 'Mine' } }))).toMatchObject({
    __typename: 'Project',
  });
});
