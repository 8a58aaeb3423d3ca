import { describe, expect, test } from 'vitest';
import { EVENT_TYPES, eventRow, type EventType } from '../../../src/domain/event/catalogue.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import type { NotificationSettings } from '../../../src/domain/notification/notification-settings.ts';
import { timingOf, type Timing } from '../../../src/domain/notification/timing.ts';

const PLACE = { channel: 'EMAIL', target: 'sam@shop.example' } as const;
const NIGHT = { from: 22 * 60, to: 7 * 60, timeZone: 'Europe/Berlin' };
const settings = (changes: Partial<NotificationSettings> = {}): NotificationSettings => ({
  quiet: null,
  digestSeconds: 300,
  ...changes,
});

const event = (type: EventType, changes: Partial<Event> = {}): Event => ({
  id: 'event-1',
  type,
  version: 1,
  merchantId: 'merchant-1',
  projectId: 'project-1',
  mode: 'LIVE',
  subject: { type: 'INVOICE', id: 'invoice-1' },
  actor: { type: 'SYSTEM', id: null },
  data: {},
  occurredAt: new Date(0),
  position: { txid: 1n, seq: 1n },
  ...changes,
});

const KEY = 'received:INVOICE:project-1:LIVE';
const DAY = '2026-06-01T10:00:00Z';
const NIGHT_TIME = '2026-06-01T23:00:00Z';
const MORNING = '2026-06-02T05:00:00Z';

/** The timing of an event at a moment, with the windows that are open by their keys. */
function timing(
  of: Event,
  at: string,
  chosen: NotificationSettings | null = settings(),
  open: Readonly<Record<string, string>> = {},
): Timing {
  return timingOf(eventRow(of.type), of, PLACE, chosen, new Date(at), (key) =>
    open[key] === undefined ? undefined : new Date(open[key]),
  );
}
const atOnce = (at: string): Timing => ({ sendAt: new Date(at), digestKey: null, opens: null });
const waits = (until: string, digestKey: string | null = KEY): Timing => ({
  sendAt: new Date(until),
  digestKey,
  opens: null,
});
const paid = event('invoice.paid');

describe('a burst', () => {
  test('begins with a message that goes at once and opens a window', () => {
    const endsAt = new Date('2026-06-01T10:05:00Z');
    expect(timing(paid, DAY)).toEqual({ ...atOnce(DAY), opens: { ...PLACE, key: KEY, endsAt } });
  });

  test('goes on into the open window, which stays as it is', () => {
    const end = '2026-06-01T10:03:00Z';
    expect(timing(paid, DAY, settings(), { [KEY]: end })).toEqual(waits(end));
  });

  test('is another one when the window has ended, to the millisecond', () => {
    expect(timing(paid, DAY, settings(), { [KEY]: DAY }).opens?.key).toBe(KEY);
    const last = '2026-06-01T10:00:00.001Z';
    expect(timing(paid, DAY, settings(), { [KEY]: last })).toEqual(waits(last));
  });

  test('is told one by one to whom digests are off, also while a window is open', () => {
    const off = settings({ digestSeconds: 0 });
    expect(timing(paid, DAY, off)).toEqual(atOnce(DAY));
    expect(timing(paid, DAY, off, { [KEY]: '2026-06-01T10:03:00Z' })).toEqual(atOnce(DAY));
  });

  test('of one kind, project, mode and subject does not mix with another', () => {
    const others = [
      event('invoice.paid', { mode: 'TEST' }),
      event('invoice.paid', { projectId: 'project-2' }),
      event('deposit.credited', { subject: { type: 'STATIC_WALLET', id: 'wallet-1' } }),
      event('payment.detected'),
      event('payment.held'),
    ];
    const keys = others.map((other) => {
      const { opens } = timing(other, DAY, settings(), { [KEY]: '2026-06-01T10:03:00Z' });
      return opens?.key;
    });
    expect(keys).not.toContain(undefined);
    expect(new Set([...keys, KEY]).size).toBe(6);
    const overpaid = event('invoice.overpaid');
    const end = '2026-06-01T10:03:00Z';
    expect(timing(overpaid, DAY, settings(), { [KEY]: end })).toEqual(waits(end));
  });

  test('is no burst for what the catalogue never collects', () => {
    expect(timing(event('invoice.paid_late'), DAY)).toEqual(atOnce(DAY));
  });
});

describe('quiet hours', () => {
  const quiet = settings({ quiet: NIGHT });

  test('hold back until their end, and what can be collected becomes one', () => {
    expect(timing(paid, NIGHT_TIME, quiet)).toEqual(waits(MORNING));
    expect(timing(paid, NIGHT_TIME, settings({ quiet: NIGHT, digestSeconds: 0 }))).toEqual(waits(MORNING));
    expect(timing(event('invoice.paid_late'), NIGHT_TIME, quiet)).toEqual(waits(MORNING, null));
  });

  test('change nothing by day', () => {
    expect(timing(paid, DAY, quiet)).toEqual(timing(paid, DAY));
  });

  test('hold back what waits for a window that ends within them', () => {
    // 21:58 in Berlin; the window ends at 22:03.
    const open = { [KEY]: '2026-06-01T20:03:00Z' };
    expect(timing(paid, '2026-06-01T19:58:00Z', quiet, open)).toEqual(waits(MORNING));
  });

  test('and a window that ends later than they do: the later of the two', () => {
    expect(timing(paid, '2026-06-02T04:58:00Z', quiet, { [KEY]: '2026-06-02T05:02:00Z' })).toEqual(
      waits('2026-06-02T05:02:00Z'),
    );
    expect(timing(paid, '2026-06-02T04:50:00Z', quiet, { [KEY]: '2026-06-02T04:55:00Z' })).toEqual(
      waits(MORNING),
    );
  });

  test('end although the time zone is none', () => {
    const lost = settings({ quiet: { ...NIGHT, timeZone: 'Mars/Olympus_Mons' } });
    expect(timing(paid, NIGHT_TIME, lost)).toEqual(waits('2026-06-02T07:00:00Z'));
  });
});

describe('what never waits', () => {
  const all = settings({ quiet: { from: 0, to: 1439, timeZone: null } });
  const urgent = EVENT_TYPES.filter((type) => {
    const { severity, category } = eventRow(type);
    return severity === 'CRITICAL' || category === 'SECURITY';
  });

  test.each(urgent)('%s', (type) => {
    const open = { [KEY]: '2026-06-01T10:03:00Z' };
    expect(timing(event(type), DAY, all, open)).toEqual(atOnce(DAY));
  });

  test('a message to somebody without an account', () => {
    expect(timing(paid, NIGHT_TIME, null)).toEqual(atOnce(NIGHT_TIME));
  });

  test('everything else does', () => {
    const rest = EVENT_TYPES.filter((type) => !urgent.includes(type));
    for (const type of rest) expect(timing(event(type), DAY, all).sendAt > new Date(DAY)).toBe(true);
  });
});
