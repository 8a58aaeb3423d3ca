import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, quietUntil } from '../../../src/domain/notification/quiet-hours.ts';

/** `22:30` in minutes after midnight. */
const minute = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};
const hours = (text: string, timeZone: string | null) => {
  const [from = '', to = ''] = text.split('-');
  return { from: minute(from), to: minute(to), timeZone };
};
const ends = (text: string, timeZone: string | null, at: string): string | null =>
  quietUntil(hours(text, timeZone), new Date(at))?.toISOString().replace(':00.000Z', 'Z') ?? null;

test.each([
  // Within a day, and over midnight; the end itself is not quiet any more.
  ['13:00-15:00', '2026-06-01T12:59:59Z', null],
  ['13:00-15:00', '2026-06-01T13:00:00Z', '2026-06-01T15:00Z'],
  ['13:00-15:00', '2026-06-01T14:59:59.999Z', '2026-06-01T15:00Z'],
  ['13:00-15:00', '2026-06-01T15:00:00Z', null],
  ['22:00-07:00', '2026-06-01T21:59:59Z', null],
  ['22:00-07:00', '2026-06-01T22:00:30Z', '2026-06-02T07:00Z'],
  ['22:00-07:00', '2026-06-02T00:00:00Z', '2026-06-02T07:00Z'],
  ['22:00-07:00', '2026-06-02T06:59:00Z', '2026-06-02T07:00Z'],
  ['22:00-07:00', '2026-06-02T07:00:00Z', null],
  ['00:00-06:00', '2026-06-02T00:00:00Z', '2026-06-02T06:00Z'],
  ['18:00-00:00', '2026-06-01T23:59:59Z', '2026-06-02T00:00Z'],
  ['18:00-00:00', '2026-06-02T00:00:00Z', null],
  ['07:00-06:59', '2026-06-01T07:00:00Z', '2026-06-02T06:59Z'],
])('%s at %s ends at %s', (text, at, end) => {
  expect(ends(text, 'UTC', at)).toBe(end);
});

describe('in another place', () => {
  test.each([
    ['Europe/Berlin', '2026-06-01T20:00:00Z', '2026-06-02T05:00Z'],
    ['Europe/Berlin', '2026-06-01T19:59:00Z', null],
    ['Europe/Berlin', '2026-01-01T20:59:00Z', null],
    ['Europe/Berlin', '2026-01-01T21:00:00Z', '2026-01-02T06:00Z'],
    ['America/New_York', '2026-06-02T02:00:00Z', '2026-06-02T11:00Z'],
    ['America/New_York', '2026-06-02T11:00:00Z', null],
    // Offsets that are no whole hours.
    ['Asia/Kolkata', '2026-06-01T16:30:00Z', '2026-06-02T01:30Z'],
    ['Asia/Kolkata', '2026-06-01T16:29:00Z', null],
    ['Asia/Kathmandu', '2026-06-01T16:15:00Z', '2026-06-02T01:15Z'],
    ['America/St_Johns', '2026-06-02T00:30:00Z', '2026-06-02T09:30Z'],
    ['Pacific/Kiritimati', '2026-06-01T08:00:00Z', '2026-06-01T17:00Z'],
  ])('%s, 22:00-07:00 at %s ends at %s', (zone, at, end) => {
    expect(ends('22:00-07:00', zone, at)).toBe(end);
  });
});

describe('when the clocks are changed', () => {
  test.each([
    // Forward in Berlin at 01:00Z on 29 March 2026, back at 01:00Z on 25 October.
    ['Europe/Berlin', '22:00-07:00', '2026-03-28T22:30:00Z', '2026-03-29T05:00Z'],
    ['Europe/Berlin', '22:00-07:00', '2026-03-29T00:59:00Z', '2026-03-29T05:00Z'],
    ['Europe/Berlin', '22:00-07:00', '2026-03-29T01:00:00Z', '2026-03-29T05:00Z'],
    ['Europe/Berlin', '22:00-07:00', '2026-10-24T21:00:00Z', '2026-10-25T06:00Z'],
    ['Europe/Berlin', '22:00-07:00', '2026-10-25T00:30:00Z', '2026-10-25T06:00Z'],
    ['Europe/Berlin', '22:00-07:00', '2026-10-25T01:30:00Z', '2026-10-25T06:00Z'],
    // Shortly before the end: what is shifted must not lie before now.
    ['Europe/Berlin', '22:00-03:15', '2026-03-29T00:45:00Z', '2026-03-29T01:15Z'],
    ['Europe/Berlin', '22:00-03:00', '2026-03-29T00:45:00Z', '2026-03-29T01:00Z'],
    // An end that the clocks leave out: never in the quiet hours themselves.
    ['Europe/Berlin', '22:00-02:30', '2026-03-29T00:00:00Z', '2026-03-29T01:30Z'],
    ['Europe/Berlin', '22:00-02:30', '2026-03-29T00:45:00Z', '2026-03-29T01:30Z'],
    // An end that comes twice ends them twice.
    ['Europe/Berlin', '22:00-02:30', '2026-10-25T00:10:00Z', '2026-10-25T00:30Z'],
    ['Europe/Berlin', '22:00-02:30', '2026-10-25T00:45:00Z', null],
    ['Europe/Berlin', '22:00-02:30', '2026-10-25T01:10:00Z', '2026-10-25T01:30Z'],
    // Forward in New York at 07:00Z on 8 March 2026, back at 06:00Z on 1 November.
    ['America/New_York', '22:00-07:00', '2026-03-08T05:00:00Z', '2026-03-08T11:00Z'],
    ['America/New_York', '22:00-02:30', '2026-03-08T06:00:00Z', '2026-03-08T07:30Z'],
    ['America/New_York', '22:00-07:00', '2026-11-01T04:00:00Z', '2026-11-01T12:00Z'],
    ['America/New_York', '22:00-07:00', '2026-11-01T06:30:00Z', '2026-11-01T12:00Z'],
    // By half an hour: back at 15:00Z on 4 April 2026, forward at 15:30Z on 3 October.
    ['Australia/Lord_Howe', '22:00-07:00', '2026-04-04T13:00:00Z', '2026-04-04T20:30Z'],
    ['Australia/Lord_Howe', '22:00-07:00', '2026-10-03T13:00:00Z', '2026-10-03T20:00Z'],
  ])('%s, %s at %s ends at %s', (zone, text, at, end) => {
    expect(ends(text, zone, at)).toBe(end);
  });
});

describe('a time zone that is missing or not known (any more)', () => {
  test('is read as UTC, so that nobody is silenced for ever', () => {
    for (const zone of [null, 'Mars/Olympus_Mons', '', 'Europe/Berlin; DROP'])
      expect(ends('22:00-07:00', zone, '2026-06-01T23:00:00Z')).toBe('2026-06-02T07:00Z');
  });

  test('is told from those that are known', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kolkata']) expect(isTimeZone(zone)).toBe(true);
    for (const zone of ['', 'Mars/Olympus_Mons', 'Berlin']) expect(isTimeZone(zone)).toBe(false);
  });
});

test('whatever the hours, place and moment: they end later, within a day and an hour, and are over then', () => {
  const aMinute = fc.integer({ min: 0, max: 1439 });
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
  );
  // A year, with every change of the clocks in it.
  const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) });
  // Around the changes, where it is hard.
  const hard = fc
    .tuple(
      fc.constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z'),
      fc.integer({ min: -26 * 3_600_000, max: 3_600_000 }),
    )
    .map(([change, off]) => Date.parse(change) + off);
  fc.assert(
    fc.property(aMinute, aMinute, zone, fc.oneof(at, hard), (from, to, timeZone, time) => {
      // Somebody who is never awake for more than the hour that a change leaves out is out of reach that day.
      fc.pre((from - to + 1440) % 1440 > 60);
      const quiet = { from, to, timeZone };
      const end = quietUntil(quiet, new Date(time));
      if (end === null) return;
      expect(end.getTime()).toBeGreaterThan(time);
      expect(end.getTime() - time).toBeLessThanOrEqual(25 * 3_600_000);
      expect(quietUntil(quiet, end)).toBeNull();
    }),
    { numRuns: 3000 },
  );
});
