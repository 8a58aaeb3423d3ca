import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { everythingTold, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { happen } from './centre-kit.ts';

const kit = usePlatform();
let ours: DemoMerchant;
let theirs: DemoMerchant;
beforeAll(async () => {
  ours = await openShop(kit, 'ada@shop.example');
  theirs = await openShop(kit, 'bob@other.example');
});
beforeEach(async () => {
  await kit.database.pool.query('TRUNCATE notification_preference, notification_settings');
});

type Input = operations.NotificationPreferenceSetInput;
const choose = async (input: Input, api: ApiClient = ours.owner) =>
  (await api.send(operations.PreferenceSetDocument, { input })).outcome;
const preferences = async (api: ApiClient = ours.owner) =>
  (await api.send(operations.PreferencesDocument, {})).notificationPreferences;
const cell = async (category: string, channel: string) =>
  (await preferences()).categories.find((c) => c.category === category && c.channel === channel);
const chosen = async () => await rowCounts(kit.database.pool, ['notification_preference']);

describe('preferences', () => {
  test('begin with what the catalogue says', async () => {
    const { channels, categories, projects } = await preferences();
    expect(channels).toEqual(
      ['EMAIL', 'INFO_BOT', 'MERCHANT_BOT'].map((channel) => ({ channel, enabled: true, chosen: null })),
    );
    expect(projects).toEqual([]);
    const cells = categories.map((c) =>
      [c.category, c.channel, c.enabled, c.default, c.canSwitchOff].join(' '),
    );
    expect(cells).toContain('SECURITY EMAIL true true false');
    expect(cells).toContain('SECURITY INFO_BOT true true true');
    expect(cells).toContain('PAYMENTS EMAIL true true true');
    expect(cells).toContain('PROJECT INFO_BOT true true true');
    expect(cells.some((line) => line.includes('SMS') || line.startsWith('PAYMENTS INFO_BOT'))).toBe(false);
  });

  test('are chosen by category, by channel and by project, and taken back', async () => {
    const cells: Input[] = [
      { category: 'PAYMENTS', channel: 'EMAIL', enabled: false },
      { channel: 'MERCHANT_BOT', enabled: false },
      { projectId: ours.projectId, category: 'PAYMENTS', channel: 'EMAIL', enabled: true },
    ];
    for (const input of cells) expect(await choose(input)).toEqual({ __typename: 'NotificationPreferences' });
    expect(await cell('PAYMENTS', 'EMAIL')).toMatchObject({ enabled: false, default: true, chosen: false });
    expect(await cell('PAYMENTS', 'MERCHANT_BOT')).toMatchObject({ enabled: false, chosen: null });
    const { channels, projects } = await preferences();
    expect(channels).toContainEqual({ channel: 'MERCHANT_BOT', enabled: false, chosen: false });
    expect(projects).toMatchObject([{ project: { id: ours.projectId } }]);
    expect(projects[0]?.categories).toContainEqual({
      category: 'PAYMENTS',
      channel: 'EMAIL',
      enabled: true,
      chosen: true,
    });
    for (const input of cells) await choose({ ...input, enabled: null });
    expect(await chosen()).toEqual({ notification_preference: 0 });
    expect((await preferences()).projects).toEqual([]);
  });

  test('decide where a person is told', async () => {
    const { pool } = kit.database;
    await choose({ category: 'PAYMENTS', channel: 'EMAIL', enabled: false });
    await choose({ projectId: ours.projectId, category: 'PAYMENTS', channel: 'EMAIL', enabled: true });
    const merchantId = rowIdOf(ours.merchantId);
    const [silent, told] = await happen(
      pool,
      { type: 'payment.held', merchantId, data: { held: '1', asset: 'BTC' } },
      {
        type: 'payment.held',
        merchantId,
        projectId: rowIdOf(ours.projectId),
        data: { held: '1', asset: 'BTC' },
      },
    );
    await everythingTold(pool);
    const { rows } = await pool.query<{ event_id: string }>(
      `SELECT event_id FROM delivery WHERE channel = 'EMAIL' AND event_id = ANY($1)`,
      [[silent, told]],
    );
    expect(rows).toEqual([{ event_id: told }]);
  });

  test('are one a place, whoever comes at the same time', async () => {
    const many = Array.from({ length: 10 }, (_, i) =>
      choose({ category: 'PAYMENTS', channel: 'EMAIL', enabled: i % 2 === 0 }),
    );
    await Promise.all(many);
    expect(await chosen()).toEqual({ notification_preference: 1 });
  });

  test('never end mail about security, and refuse what is not there', async () => {
    const off = { channel: 'EMAIL', enabled: false } as const;
    expect(await choose({ ...off, category: 'SECURITY' })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'enabled'],
      message: 'E-mail about the safety of the account cannot be switched off.',
    });
    expect(await choose({ ...off, category: 'SECURITY', projectId: ours.projectId })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await choose({ channel: 'SMS', enabled: true })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await choose({ category: 'PAYMENTS', channel: 'INFO_BOT', enabled: true })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await choose({ ...off, projectId: theirs.projectId })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'projectId'],
    });
    const { api: operator } = await openOperator(kit.platform, kit.database, 'SUPPORT');
    expect(await choose({ ...off, projectId: ours.projectId }, operator)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await chosen()).toEqual({ notification_preference: 0 });
    // The whole channel may be switched off: the mails about security come all the same.
    expect(await choose(off)).toEqual({ __typename: 'NotificationPreferences' });
    expect(await cell('SECURITY', 'EMAIL')).toMatchObject({ enabled: true });
    expect(await cell('PAYMENTS', 'EMAIL')).toMatchObject({ enabled: false });
    expect((await preferences(theirs.owner)).channels).toContainEqual({
      channel: 'EMAIL',
      enabled: true,
      chosen: null,
    });
  });
});

describe('settings', () => {
  const settings = async (api: ApiClient = ours.owner) =>
    (await api.send(operations.SettingsDocument, {})).notificationSettings;
  const update = async (input: operations.NotificationSettingsUpdateInput) =>
    (await ours.owner.send(operations.SettingsUpdateDocument, { input })).outcome;
  const DEFAULTS = { locale: 'en', timeZone: null, quietFrom: null, quietTo: null, digestSeconds: 300 };

  test('are changed one by one, and what is left out stays', async () => {
    expect(await settings()).toEqual(DEFAULTS);
    const quiet = { quietFrom: '22:30', quietTo: '07:05' };
    expect(await update({ timeZone: 'Europe/Berlin', ...quiet })).toMatchObject({
      ...DEFAULTS,
      timeZone: 'Europe/Berlin',
      ...quiet,
    });
    expect(await update({ digestSeconds: 0 })).toMatchObject({
      timeZone: 'Europe/Berlin',
      ...quiet,
      digestSeconds: 0,
    });
    expect(await update({ locale: 'de' })).toMatchObject({ locale: 'de', digestSeconds: 0 });
    expect(await update({ quietFrom: null, quietTo: null })).toMatchObject({
      quietFrom: null,
      quietTo: null,
    });
    expect(await update({ timeZone: null, locale: null, digestSeconds: null })).toMatchObject({
      timeZone: null,
      locale: 'de',
      digestSeconds: 0,
    });
    await update({ locale: 'en' });
    expect(await settings(theirs.owner)).toEqual(DEFAULTS);
  });

  test.each<[keyof operations.NotificationSettingsUpdateInput, operations.NotificationSettingsUpdateInput]>([
    ['timeZone', { timeZone: 'Europe/Atlantis' }],
    ['timeZone', { timeZone: '' }],
    ['quietFrom', { quietFrom: '24:00', quietTo: '07:00' }],
    ['quietFrom', { quietFrom: '7:00', quietTo: '09:00' }],
    ['quietFrom', { quietFrom: null, quietTo: '09:00' }],
    ['quietTo', { quietFrom: '09:00' }],
    ['quietTo', { quietFrom: '09:00', quietTo: '09:00' }],
    ['digestSeconds', { digestSeconds: -1 }],
    ['digestSeconds', { digestSeconds: 86_401 }],
    ['locale', { locale: 'German' + 'x'.repeat(40) }],
    ['locale', { locale: 'en-a' }],
    ['locale', { locale: '../de' }],
  ])('refuse %s of %j', async (path, input) => {
    expect(await update({ digestSeconds: 60, ...input })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', path],
    });
    expect(await settings()).toEqual(DEFAULTS);
    expect(await rowCounts(kit.database.pool, ['notification_settings'])).toEqual({
      notification_settings: 0,
    });
  });
});
