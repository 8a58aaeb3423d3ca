import { expect, test } from 'vitest';
import { claimInbox } from '../../../src/usecases/claim/claim-link.ts';

const KNOWN = 'cara@inbox.example';

test.each([
  ['nothing', null],
  ['itself', KNOWN],
  ['spaces around it', ` ${KNOWN} `],
  ['capitals', 'Cara@Inbox.example'],
  ['a letter that looks like one of it', 'ｃara@inbox.example'],
])('the inbox that is known is mailed as it is known, told by %s', (_what, named) => {
  expect(claimInbox(named, KNOWN)).toEqual({ ok: true, value: KNOWN });
});

test('another inbox is mailed as it was told', () => {
  expect(claimInbox('eve@inbox.example', KNOWN)).toEqual({ ok: true, value: 'eve@inbox.example' });
  expect(claimInbox('Eve@Inbox.example', null)).toEqual({ ok: true, value: 'Eve@Inbox.example' });
});
