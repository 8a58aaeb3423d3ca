// Writes docs/event-catalogue.md from the catalogue of events; with --check fails when the committed one differs.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EVENT_TYPES, eventRow, isAudited, type EventType } from '../domain/event/catalogue.ts';
import {
  EVENT_CATEGORIES,
  type Channel,
  type EventCategory,
  type EventRow,
} from '../domain/event/event-row.ts';
import { rightToHear } from '../domain/event/routing.ts';
import { markdownTable } from './markdown-table.ts';
import { runCommand } from './run-command.ts';

const FILE = fileURLToPath(new URL('../../docs/event-catalogue.md', import.meta.url));

const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  EMAIL: 'e-mail',
  SMS: 'SMS',
  INFO_BOT: 'info bot',
  MERCHANT_BOT: 'merchant bot',
  WEBHOOK: 'webhook',
};

const CATEGORY_TEXTS: Readonly<Record<EventCategory, string>> = {
  SECURITY:
    'The safety of accounts and keys. Never held back by quiet hours or digests; its e-mails cannot be switched off.',
  ACCOUNT: 'A person’s account, a merchant and its team.',
  PROJECT: 'Projects and how they are set up.',
  PAYMENTS: 'The course of invoices, deposits and payments.',
  PAYOUTS: 'Payouts and the rules of what may leave.',
  BILLING: 'What the gateway charges.',
  ERRORS: 'What does not work and wants somebody to look.',
};

const code = (text: string): string => `\`${text}\``;
const mark = (is: boolean): string => (is ? 'x' : '');
const names = (channels: readonly Channel[]): string =>
  channels.map((channel) => CHANNEL_NAMES[channel]).join(', ');

/** Who is told besides live subscribers; addresses that the event names are told whoever the audience is. */
function audienceOf(type: EventType, { audience, mailTo = [], smsTo = [] }: EventRow): string {
  const told = {
    NONE: [],
    SUBJECT_USER: ['the person concerned'],
    MERCHANT_MEMBERS: [`members with ${code(rightToHear(type))}`],
    OPERATORS: ['operators who look after networks'],
  }[audience];
  const named = [
    ...mailTo.map((field) => `e-mail to ${code(field)}`),
    ...smsTo.map((field) => `SMS to ${code(field)}`),
  ];
  return [...told, ...named].join('; ');
}

const HEAD = [
  'event',
  'webhook',
  'severity',
  'who is told',
  'by default',
  'on request',
  'centre',
  'digest',
  'audit',
  'what happened',
];

const rowOf = (type: EventType): string[] => {
  const row = eventRow(type);
  return [
    code(type),
    row.webhook ? code(row.webhook) : '',
    row.severity.toLowerCase(),
    audienceOf(type, row),
    names(row.channels),
    names(row.offered ?? []),
    mark(row.inCentre),
    row.digest?.group ?? '',
    mark(isAudited(type)),
    row.description,
  ];
};

const section = (category: EventCategory): string => {
  const types = EVENT_TYPES.filter((type) => eventRow(type).category === category).toSorted();
  const rows = types.length === 0 ? 'None yet.' : markdownTable([HEAD, ...types.map(rowOf)]);
  return `## ${category}\n\n${CATEGORY_TEXTS[category]}\n\n${rows}\n`;
};

const page = (): string => `# Catalogue of events

<!-- Written from src/domain/event by the schema script. Edits here are lost. -->

What happens in the gateway, and who is told where. How events work is in [events.md](events.md), how to be told in
[notifications.md](notifications.md) and [live.md](live.md). In GraphQL a type is written \`INVOICE_PAID\`.

- **webhook**: the name in webhooks. Without one they do not tell it.
- **who is told**: besides live subscribers with the right \`event:read\`.
- **by default**, **on request**: the channels on which they are told unless they choose otherwise, and those on which
  they are told when they switch its category on there.
- **centre**: it stands in the notification centre.
- **digest**: a burst of such events becomes one message, with others of the same name.
- **audit**: it stands in the audit log.

${EVENT_CATEGORIES.map(section).join('\n')}`;

await runCommand(async () => {
  const written = page();
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, written);
    return;
  }
  const committed = await readFile(FILE, 'utf8').catch(() => '');
  if (committed !== written) {
    throw new Error(
      'docs/event-catalogue.md is not what src/domain/event says; run the schema script and commit it.',
    );
  }
});
