import { describe, expect, test } from 'vitest';
import { EVENT_TYPES, eventRow } from '../../../src/domain/event/catalogue.ts';
import type { EventRow } from '../../../src/domain/event/event-row.ts';
import { isAlwaysOn, isWanted, type Preference } from '../../../src/domain/notification/preferences.ts';

type Row = Pick<EventRow, 'category' | 'channels' | 'offered'>;
const paid: Row = { category: 'PAYMENTS', channels: ['EMAIL', 'MERCHANT_BOT'] };
const seen: Row = { category: 'PAYMENTS', channels: ['MERCHANT_BOT'], offered: ['EMAIL'] };
const theft: Row = { category: 'SECURITY', channels: ['EMAIL', 'INFO_BOT'] };

const [HERE, THERE] = ['project-1', 'project-2'];
/** What a person chose, such as `all PAYMENTS off` or `project-1 * on`; `*` is the channel as a whole. */
const choices = (channel: Preference['channel'], ...texts: readonly string[]): Preference[] =>
  texts.map((text) => {
    const [project, category, state] = text.split(' ');
    return {
      projectId: project === 'all' ? null : (project ?? null),
      category: category === '*' ? null : (category as Preference['category']),
      channel,
      enabled: state === 'on',
    };
  });

describe('what a person chose by channel, category and project', () => {
  test.each<[string, Row, readonly string[], boolean]>([
    ['nobody chose: as the catalogue says', paid, [], true],
    ['nobody chose: what is only offered is not told', seen, [], false],
    ['the category is off', paid, ['all PAYMENTS off'], false],
    ['another category is off', paid, ['all BILLING off'], true],
    ['the category is on where it is only offered', seen, ['all PAYMENTS on'], true],
    ['the channel is off', paid, ['all * off'], false],
    ['a channel that is off beats a category that is on', paid, ['all * off', 'all PAYMENTS on'], false],
    ['a channel that is on changes no category', seen, ['all * on'], false],
    ['a channel that is on keeps a category off', paid, ['all * on', 'all PAYMENTS off'], false],
    ['off in this project', paid, [`${HERE} PAYMENTS off`], false],
    ['off in another project', paid, [`${THERE} PAYMENTS off`], true],
    ['a project’s on beats off for all', paid, ['all PAYMENTS off', `${HERE} PAYMENTS on`], true],
    ['another project’s on does not', paid, ['all PAYMENTS off', `${THERE} PAYMENTS on`], false],
    ['a project’s off beats on for all', seen, ['all PAYMENTS on', `${HERE} PAYMENTS off`], false],
    ['the channel is off in this project', paid, [`${HERE} * off`], false],
    ['the channel is off in another project', paid, [`${THERE} * off`], true],
    ['a project’s channel off beats its category on', paid, [`${HERE} * off`, `${HERE} PAYMENTS on`], false],
    [
      'a project’s channel off beats a category on for all',
      seen,
      [`${HERE} * off`, 'all PAYMENTS on'],
      false,
    ],
    [
      'the channel off for all beats a project’s category on',
      paid,
      ['all * off', `${HERE} PAYMENTS on`],
      false,
    ],
    ['a project’s channel on beats the channel off for all', paid, ['all * off', `${HERE} * on`], true],
    [
      'a project’s channel on, its category as chosen for all',
      paid,
      ['all * off', `${HERE} * on`, 'all PAYMENTS off'],
      false,
    ],
  ])('%s', (_what, row, texts, wanted) => {
    expect(isWanted(row, 'EMAIL', HERE, choices('EMAIL', ...texts))).toBe(wanted);
  });

  test('a choice for one channel says nothing of another', () => {
    expect(isWanted(paid, 'MERCHANT_BOT', HERE, choices('EMAIL', 'all * off'))).toBe(true);
    expect(isWanted(seen, 'EMAIL', HERE, choices('MERCHANT_BOT', 'all PAYMENTS on'))).toBe(false);
  });

  test('what belongs to no project follows the choices for all alone', () => {
    expect(isWanted(paid, 'EMAIL', null, choices('EMAIL', `${HERE} * off`, `${HERE} PAYMENTS off`))).toBe(
      true,
    );
    expect(isWanted(paid, 'EMAIL', null, choices('EMAIL', 'all PAYMENTS off'))).toBe(false);
  });

  test('no choice tells over a channel that the event does not offer', () => {
    const everything = choices('SMS', 'all * on', 'all PAYMENTS on', `${HERE} * on`, `${HERE} PAYMENTS on`);
    expect(isWanted(paid, 'SMS', HERE, everything)).toBe(false);
  });
});

describe('security mail', () => {
  const off = ['all * off', 'all SECURITY off', `${HERE} * off`, `${HERE} SECURITY off`] as const;

  test('cannot be switched off; the bot can', () => {
    expect(isAlwaysOn('SECURITY', 'EMAIL')).toBe(true);
    expect(isAlwaysOn('SECURITY', 'INFO_BOT')).toBe(false);
    expect(isAlwaysOn('PAYMENTS', 'EMAIL')).toBe(false);
    expect(isAlwaysOn(null, 'EMAIL')).toBe(false);
    expect(isWanted(theft, 'EMAIL', HERE, choices('EMAIL', ...off))).toBe(true);
    for (const each of off) expect(isWanted(theft, 'INFO_BOT', HERE, choices('INFO_BOT', each))).toBe(false);
  });

  test.each(EVENT_TYPES.filter((type) => eventRow(type).category === 'SECURITY'))(
    'of %s is what the catalogue says, whatever was chosen',
    (type) => {
      const row = eventRow(type);
      expect(isWanted(row, 'EMAIL', HERE, choices('EMAIL', ...off))).toBe(row.channels.includes('EMAIL'));
    },
  );
});
