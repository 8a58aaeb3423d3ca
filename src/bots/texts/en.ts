import type { BotTexts, InvoiceSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Amount: ${amount}`,
    orderId !== null && `Order: ${orderId}`,
    `Project: ${project} (${merchant})`,
    isTest ? 'Mode: TEST, no real money' : 'Mode: LIVE',
  );

/** English: what every other language falls back to. */
export const en: BotTexts = {
  infoWelcome:
    'This bot tells you what happens to your Paybell account, such as a new sign-in. ' +
    'To connect it, ask for a Telegram link in your account settings and open that link here.',
  merchantWelcome:
    'This bot rings when a payment arrives for your shop. ' +
    'To connect it, ask for a Telegram link in your merchant settings and open that link here.',
  infoConnected:
    'Connected. You will be told here what happens to your account. /help shows what else I can do.',
  merchantConnected: (merchant) =>
    `Connected. You will be told here about the payments of ${merchant}. /help shows what else I can do.`,
  invalidLink:
    'This link does not work: it was used before or is older than 15 minutes. Please ask for a new one.',
  infoHelp: 'I tell you what happens to your account. You can also ask me:',
  merchantHelp: 'I tell you about payments. You can also ask me:',
  commands: {
    help: 'What I can do',
    balance: 'Balances; /balance test for play money',
    invoices: 'The last invoices; /invoices test for play money',
    invoice: 'New invoice: /invoice 12.50 USD order-17',
    mute: 'Be quiet for a while',
    unmute: 'Ring again',
    signins: 'The last sign-ins to your account',
    language: 'Choose the language',
    stop: 'Disconnect this chat',
  },
  unknownCommand: 'I do not know this command. /help shows what I can do.',
  outdated: 'This button is out of date. Please send the command again.',
  apology: 'Something went wrong on our side. Please try again in a moment.',
  notAllowed: 'Your role does not allow this.',
  cancel: 'Cancel',
  cancelled: 'Cancelled. Nothing was changed.',
  chooseMerchant: 'For which merchant?',
  chooseProject: 'For which project?',
  test: '[TEST]',

  balance: {
    title: (merchant) => `Balances of ${merchant}`,
    none: 'Nothing yet.',
    line: ({ available, pending, held, owed }) =>
      [
        `${available} available`,
        pending !== null && `${pending} not confirmed yet`,
        held !== null && `${held} waiting for a decision`,
        owed !== null && `${owed} owed`,
      ]
        .filter(Boolean)
        .join(', '),
  },
  invoices: {
    title: (merchant) => `Invoices of ${merchant}, newest first`,
    none: 'No invoices yet.',
    more: 'Older ones',
    showTest: 'Test invoices',
    showLive: 'Live invoices',
    status: {
      CREATED: 'waiting for payment',
      PARTIAL: 'partly paid',
      CONFIRMING: 'confirming',
      PAID: 'paid',
      OVERPAID: 'paid, too much',
      CANCELED: 'cancelled',
      EXPIRED: 'expired',
    },
  },
  invoice: {
    usage:
      'Send the amount and the currency, and your order id if you like.\nFor example: /invoice 12.50 USD order-17',
    unknownCurrency: (code) =>
      `I do not know the currency ${code}. Write it like USD, EUR or USDT.\nFor example: /invoice 12.50 USD`,
    badAmount: (currency) =>
      `This is no amount of ${currency}: write a number above zero, without separators between thousands.\nFor example: /invoice 12.50 USD`,
    badOrderId: 'An order id has at most 128 characters.\nFor example: /invoice 12.50 USD order-17',
    summary: (invoice) => lines('New invoice', facts(invoice)),
    create: 'Create',
    asTest: 'Make it TEST',
    asLive: 'Make it LIVE',
    created: (invoice, link) => lines('Invoice created', facts(invoice), '', 'Payment page:', link),
    projectNotActive: 'This project takes no new invoices in this mode at present.',
    changed: 'The command has changed since I asked, or its invoice was made already. Please send it again.',
  },
  mute: {
    question:
      'How long shall I be quiet? What is critical, and what is about the safety of your account, I tell you all the same.',
    choices: { HOUR: '1 hour', EIGHT_HOURS: '8 hours', DAY: '1 day', FOREVER: 'Until I say so' },
    mutedUntil: (time) => `Quiet until ${time}. /unmute ends it.`,
    mutedForever: 'Quiet until you send /unmute.',
    unmuted: 'I ring again.',
  },
  language: {
    question: 'Which language shall I speak? Mails come in it, too.',
    chosen: 'I speak English now.',
  },
  stop: {
    question: 'Shall I disconnect this chat? You will be told nothing here any more.',
    confirm: 'Disconnect',
    done: 'Disconnected. To connect again, ask for a new Telegram link in your settings.',
  },
  signIns: {
    title: 'The last sign-ins to your account',
    none: 'There are no sign-ins yet.',
    line: ({ time, device, ip, isLive, isDisowned }) =>
      `${time}, ${device}, ${ip}${isDisowned ? ' (not you)' : isLive ? ' (signed in)' : ''}`,
    notMe: (place) => (place === null ? 'This was not me' : `${place}: this was not me`),
    question: ({ time, device, ip }) =>
      lines(
        'Was this really not you?',
        `${time}, ${device}, ${ip}`,
        'I will end that session, and hold payouts back for 24 hours.',
      ),
    confirm: 'It was not me',
    disowned: lines(
      'Done: that session is over, and payouts are held back for 24 hours.',
      'Now choose a new password, which signs everybody out. Whoever came in knew the old one.',
    ),
    disownedBefore: 'You said so before: that session is over.',
    unknown: 'There is no such sign-in.',
    newPassword: 'Mail me a password link',
    passwordMailed: 'A mail with the link is on its way to your e-mail address.',
    tooMany: 'That was asked too often. Please wait a while.',
  },
};
