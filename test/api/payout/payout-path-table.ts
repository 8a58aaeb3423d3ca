import type { PathName } from './payout-paths.ts';

// RULES 12: every check of a payout is asked on every path. A cell is what the path answers with exactly that check
// failing; `passes` says why the check is not this path's to ask, and that is shown too. In a chat nobody asks for a
// payout, but members consent there (decision record 0043).

type Cell = string | { readonly passes: string };
type Row = Readonly<Record<PathName, Cell>>;
const passes = (why: string): Cell => ({ passes: why });

const KEYS_ARE_MACHINES = passes('A key is no person: it works from listed addresses instead.');
const KEYS_HAVE_SCOPES = passes('A key has scopes, and no role.');
const PEOPLE_HAVE_ROLES = passes('People have roles, and no scopes.');
const PEOPLE_WORK_ANYWHERE = passes('A person works from anywhere, with a second factor and presence.');
const NO_KEYS = passes('A member asked for it, and an operator settles it.');
const NOT_A_KEYS_HOLD = passes(
  'No person acts; a change of one holds each merchant whose money that one may send.',
);
const ASKED_WHEN_MADE = passes('Asked of whoever asked for it; who carries it out is the gateway.');
const ASKED_WHEN_NAMED = passes('Asked of whoever named the inbox; who carries it out is the gateway.');
const COUNTED_WHEN_MADE = passes('It counts from when it was asked for, and nothing counts twice.');
const WHEN_SENT = passes('Where it goes is asked when it was made, and again when it is sent.');
const NOT_KNOWN_YET = passes(
  'The payer names an address later: where a member or key named the inbox, a listed one.',
);
const PAYERS_CHOICE = passes(
  'It goes where the payer said by the link that only the invoice’s own inbox got.',
);
const PAYERS_MONEY = passes('Nobody of the merchant asked for it: it is the payer’s own money.');
const OF_WHAT_IT_SENDS = passes('Asked of what the rule sends, each time.');
const MAKER_IS_ASKED = passes(
  'Nobody is signed in: the right and the authenticator of its maker are asked instead.',
);
const IN_HELD = passes('Its money is in HELD already.');

const payouts = (person: Cell, key: Cell) => ({
  'a payout of a person': person,
  'a payout of a key': key,
  'a batch of a person': person,
  'a batch of a key': key,
});
const fiatPayouts = (person: Cell, key: Cell) => ({
  'a fiat payout of a person': person,
  'a fiat payout of a key': key,
});
const refunds = (person: Cell, key: Cell) => ({
  'a refund of a person': person,
  'a refund of a key': key,
});
const refundInboxes = (person: Cell, key: Cell) => ({
  'a refund’s inbox named by a person': person,
  'a refund’s inbox named by a key': key,
});
const reboundInboxes = (person: Cell, key: Cell) => ({
  'a rebound’s inbox named by a person': person,
  'a rebound’s inbox named by a key': key,
});

/** All that people and keys ask for over the API. */
const asked = (person: Cell, key: Cell) => ({
  ...payouts(person, key),
  ...fiatPayouts(person, key),
  ...refunds(person, key),
  ...refundInboxes(person, key),
  ...reboundInboxes(person, key),
});
const consents = (cell: Cell) => ({ 'a consent': cell, 'a consent in a chat': cell });
/** What the sender and the worker of refunds and rebounds do; a person asked for it, but for one. */
const carriedOut = (cell: Cell, ofKey: Cell = cell) => ({
  'the sending of a person’s payout': cell,
  'the sending of a key’s payout': ofKey,
  'the carrying out of a refund': cell,
  'the carrying out of a refund to a named inbox': cell,
  'the carrying out of a rebound': cell,
  'the carrying out of a rebound to a named inbox': cell,
});
/** The same of what is asked of who acts, and not of where money goes. */
const notOfWhoActs = (ofKey: Cell) => ({
  ...carriedOut(ASKED_WHEN_MADE, ofKey),
  'the carrying out of a rebound': PAYERS_MONEY,
  'the carrying out of a rebound to a named inbox': ASKED_WHEN_NAMED,
});
/** A check of keys alone. */
const ofKeys = (key: Cell, person: Cell) => ({
  ...asked(person, key),
  'a rule for automatic withdrawals': person,
  ...consents(person),
  'the settling of a fiat payout': NO_KEYS,
  'an automatic withdrawal': MAKER_IS_ASKED,
  ...carriedOut(person, ASKED_WHEN_MADE),
  'the carrying out of a rebound': PAYERS_MONEY,
});

export const TABLE: Readonly<Record<string, Row>> = {
  'a hold of the merchant': {
    ...asked('WRONG_STATE', 'WRONG_STATE'),
    'a rule for automatic withdrawals': 'WRONG_STATE',
    'a consent': 'WRONG_STATE',
    'a consent in a chat': 'HELD',
    'the settling of a fiat payout': 'WRONG_STATE',
    'an automatic withdrawal': 'waits: HELD',
    ...carriedOut('HELD'),
  },
  'a hold of the person': {
    ...asked('WRONG_STATE', NOT_A_KEYS_HOLD),
    'a rule for automatic withdrawals': 'WRONG_STATE',
    'a consent': 'WRONG_STATE',
    'a consent in a chat': 'HELD',
    'the settling of a fiat payout': 'WRONG_STATE',
    'an automatic withdrawal': 'waits: HELD',
    ...carriedOut('HELD', NOT_A_KEYS_HOLD),
    'the carrying out of a rebound': PAYERS_MONEY,
  },
  'an address that is not listed': {
    ...payouts('WRONG_STATE', 'WRONG_STATE'),
    ...fiatPayouts('INVALID_INPUT', 'INVALID_INPUT'),
    ...refunds(NOT_KNOWN_YET, NOT_KNOWN_YET),
    ...refundInboxes(NOT_KNOWN_YET, NOT_KNOWN_YET),
    ...reboundInboxes(NOT_KNOWN_YET, NOT_KNOWN_YET),
    'a rule for automatic withdrawals': 'WRONG_STATE',
    ...consents(WHEN_SENT),
    'the settling of a fiat payout': 'WRONG_STATE',
    'an automatic withdrawal': 'refused: ADDRESS_NOT_LISTED',
    ...carriedOut('ADDRESS_NOT_LISTED'),
    'the carrying out of a refund': PAYERS_CHOICE,
    'the carrying out of a rebound': PAYERS_CHOICE,
  },
  'an address that was listed lately': {
    ...payouts('WRONG_STATE', 'WRONG_STATE'),
    ...fiatPayouts('WRONG_STATE', 'WRONG_STATE'),
    ...refunds(NOT_KNOWN_YET, NOT_KNOWN_YET),
    ...refundInboxes(NOT_KNOWN_YET, NOT_KNOWN_YET),
    ...reboundInboxes(NOT_KNOWN_YET, NOT_KNOWN_YET),
    'a rule for automatic withdrawals': 'WRONG_STATE',
    ...consents(WHEN_SENT),
    'the settling of a fiat payout': 'WRONG_STATE',
    'an automatic withdrawal': 'waits: ADDRESS_COOLING_OFF',
    ...carriedOut('ADDRESS_COOLING_OFF'),
    'the carrying out of a refund': PAYERS_CHOICE,
    'the carrying out of a rebound': PAYERS_CHOICE,
  },
  'no second factor': {
    ...asked('SECOND_FACTOR_REQUIRED', KEYS_ARE_MACHINES),
    'a rule for automatic withdrawals': 'SECOND_FACTOR_REQUIRED',
    ...consents('SECOND_FACTOR_REQUIRED'),
    'the settling of a fiat payout': 'FORBIDDEN',
    'an automatic withdrawal': 'refused: MAKER_HAS_NO_AUTHENTICATOR',
    ...notOfWhoActs(KEYS_ARE_MACHINES),
  },
  'no proof of presence': {
    ...asked('STEP_UP_REQUIRED', KEYS_ARE_MACHINES),
    'a rule for automatic withdrawals': 'STEP_UP_REQUIRED',
    'a consent': 'STEP_UP_REQUIRED',
    'a consent in a chat': passes('The PIN, typed at this moment, is the proof.'),
    'the settling of a fiat payout': 'STEP_UP_REQUIRED',
    'an automatic withdrawal': passes('Nobody is there: it was asked when the rule was made.'),
    ...notOfWhoActs(KEYS_ARE_MACHINES),
  },
  'a role without the right': {
    ...asked('NOT_FOUND', KEYS_HAVE_SCOPES),
    'a rule for automatic withdrawals': 'NOT_FOUND',
    ...consents('NOT_FOUND'),
    'the settling of a fiat payout': 'FORBIDDEN',
    'an automatic withdrawal': 'refused: MAKER_HAS_NO_RIGHT',
    ...carriedOut('MEMBER_GONE', KEYS_HAVE_SCOPES),
    'the carrying out of a rebound': PAYERS_MONEY,
  },
  'a key without the scope': ofKeys('NOT_FOUND', PEOPLE_HAVE_ROLES),
  'a key without a list of addresses': ofKeys('FORBIDDEN', PEOPLE_WORK_ANYWHERE),
  'a key at another address': ofKeys('UNAUTHENTICATED', PEOPLE_WORK_ANYWHERE),
  'a key that was revoked': {
    ...ofKeys('UNAUTHENTICATED', passes('A person is no key.')),
    'the sending of a key’s payout': 'KEY_REVOKED',
  },
  'more than the day’s limit': {
    ...asked('LIMIT_REACHED', 'LIMIT_REACHED'),
    ...refundInboxes(COUNTED_WHEN_MADE, COUNTED_WHEN_MADE),
    'a rule for automatic withdrawals': OF_WHAT_IT_SENDS,
    ...consents(COUNTED_WHEN_MADE),
    'the settling of a fiat payout': 'WRONG_STATE',
    'an automatic withdrawal': 'waits: LIMIT_REACHED',
    ...carriedOut('LIMIT_REACHED'),
    'the carrying out of a rebound': PAYERS_MONEY,
  },
  'more than there is': {
    ...asked('BALANCE_SHORT', 'BALANCE_SHORT'),
    ...refundInboxes(IN_HELD, IN_HELD),
    ...reboundInboxes(IN_HELD, IN_HELD),
    'a rule for automatic withdrawals': OF_WHAT_IT_SENDS,
    ...consents(IN_HELD),
    'the settling of a fiat payout': IN_HELD,
    'an automatic withdrawal': 'not asked',
    ...carriedOut(IN_HELD),
  },
};

const NO_PAYOUT_YET = passes('No payout is made: it is asked when the payer has named an address.');
const HAS_THEM = passes('Asked when it was made: what waits for members is not queued.');
const IS_ONE = passes('It is one itself, of as many as were asked for when the payout was made.');

/** Where two members must agree: what is made waits for them. */
export const CONSENTS: Row = {
  ...asked('PENDING_APPROVAL', 'PENDING_APPROVAL'),
  ...refunds(NO_PAYOUT_YET, NO_PAYOUT_YET),
  ...refundInboxes(NO_PAYOUT_YET, NO_PAYOUT_YET),
  ...reboundInboxes(NO_PAYOUT_YET, NO_PAYOUT_YET),
  'a rule for automatic withdrawals': OF_WHAT_IT_SENDS,
  ...consents(IS_ONE),
  'the settling of a fiat payout': HAS_THEM,
  'an automatic withdrawal': 'PENDING_APPROVAL',
  ...carriedOut('PENDING_APPROVAL'),
  'the sending of a person’s payout': HAS_THEM,
  'the sending of a key’s payout': HAS_THEM,
  'the carrying out of a rebound': PAYERS_MONEY,
};
