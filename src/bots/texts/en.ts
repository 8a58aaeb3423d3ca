import type { BotTexts, InvoiceSummary, PayoutSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Amount: ${amount}`,
    orderId !== null && `Order: ${orderId}`,
    `Project: ${project} (${merchant})`,
    isTest ? 'Mode: TEST, no real money' : 'Mode: LIVE',
  );

const SOURCES = { REFUND: 'Refund to a payer', REBOUND: 'Held money back to its payer' } as const;

const payoutFacts = (payout: PayoutSummary): string =>
  lines(
    payout.source !== null && SOURCES[payout.source],
    `Amount: ${payout.amount}`,
    `Arrives: ${payout.arrives}`,
    `Fees: ${payout.fees}`,
    payout.network !== null && `Network: ${payout.network}`,
    `To: ${payout.to}`,
    payout.order !== null && `Order: ${payout.order}`,
    payout.inboxNamedBy !== null && `Inbox of the payer named by: ${payout.inboxNamedBy}`,
    payout.reference !== null && `Reference: ${payout.reference}`,
    payout.askedBy !== null && `Asked for by: ${payout.askedBy}`,
    `Merchant: ${payout.merchant}`,
    payout.isTest && 'Mode: TEST, no real money',
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
    payouts: 'Open payouts; /payouts test for play money',
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
  payouts: {
    title: (merchant) => `Open payouts of ${merchant}`,
    none: 'None is open.',
    line: ({ amount, to, status }) => `${amount} → ${to}, ${status}`,
    consents: (given, required) => `waiting for consent (${given} of ${required})`,
    status: { QUEUED: 'waiting for its turn', SIGNED: 'signed', BROADCAST: 'on its way' },
    waits: {
      HELD: 'held after a security change',
      ADDRESS_COOLING_OFF: 'waiting: its address was listed lately',
      ADDRESS_NOT_LISTED: 'waits for you: its address is not on the list',
      ADDRESS_INVALID: 'waits for you: its address cannot be paid',
      KEY_REVOKED: 'waits for you: the API key that asked was revoked',
      MEMBER_GONE: 'waits for you: who asked may not pay any more',
      LIMIT_REACHED: 'waiting: the limit of the day is reached',
      HOT_WALLET_SHORT: 'waiting: the gateway has to refill its wallet',
      CHANGE_UNCONFIRMED: 'waiting: change of the gateway is not final yet',
      CHAIN_UNAVAILABLE: 'waiting: the network does not answer',
      GAS_TOO_DEAR: 'waiting: the network is too expensive at the moment',
      TRANSACTIONS_MISSING: 'waiting: the gateway’s wallet is being looked at',
      TRANSFER_REFUSED: 'waiting: the network does not carry it out at the moment',
      TRANSFER_DOUBTED: 'waiting: the network does not carry it out at the moment',
      ACCOUNT_USED_ELSEWHERE: 'waiting: the operator of the gateway has to look',
      SIGNER_MISSING: 'waiting: the gateway cannot sign at the moment',
      NETWORK_NOT_CONFIGURED: 'waiting: the gateway does not serve its network at the moment',
      FAULT: 'waiting: something went wrong at the gateway',
    },
    approve: (place) => (place === null ? 'Approve' : `${place}: approve`),
    refuse: (place) => (place === null ? 'Refuse' : `${place}: refuse`),
    askPin: (verdict, payout) =>
      [
        verdict === 'APPROVE' ? 'Approve this payout?' : 'Refuse this payout?',
        payoutFacts(payout),
        'Compare it with what you know of it. Then answer this message with your PIN; I take the PIN off the chat at once.',
      ].join('\n\n'),
    pinPlaceholder: 'PIN',
    approved: (given, required) => `Approved: ${given} of ${required} consents.`,
    queued: 'Approved. The payout has what it needs and is sent.',
    refused: (source) =>
      ({
        REFUND: 'Refused. The refund fails with it, and what it took is available again.',
        REBOUND: 'Refused. The money stays held and waits for a decision again.',
        none: 'Refused. The amount is available again.',
      })[source ?? 'none'],
    badPin: 'A PIN has 4 to 8 digits. Nothing was changed.',
    wrongPin: 'This PIN is wrong. Nothing was changed.',
    tooManyPins: 'Too many wrong PINs: none is taken here for a day. Decide in the dashboard instead.',
    answerTheQuestion:
      'I took your message off the chat, in case it was a PIN. Press Approve or Refuse, and answer the question that I ask then.',
    notDeleted: 'I could not take your message off the chat. Please delete it yourself.',
    changed: 'The payout has gone on since it was shown. /payouts shows how it stands.',
    own: 'You asked for this payout: somebody else must agree to it.',
    noPin: 'You have no PIN. Set one in your security settings first.',
    noSecondFactor: 'Payouts need an authenticator. Set one up in your security settings first.',
    held: (until) => `Payouts are held until ${until}, after a security change.`,
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
