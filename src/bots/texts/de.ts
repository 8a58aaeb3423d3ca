import type { BotTexts, InvoiceSummary, PayoutSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Betrag: ${amount}`,
    orderId !== null && `Bestellung: ${orderId}`,
    `Projekt: ${project} (${merchant})`,
    isTest ? 'Modus: TEST, kein echtes Geld' : 'Modus: LIVE, echtes Geld',
  );

const SOURCES = {
  REFUND: 'Rückerstattung an einen Zahler',
  REBOUND: 'Zurückgehaltenes Geld an seinen Zahler',
} as const;

const payoutFacts = (payout: PayoutSummary): string =>
  lines(
    payout.source !== null && SOURCES[payout.source],
    `Betrag: ${payout.amount}`,
    `Kommt an: ${payout.arrives}`,
    `Gebühren: ${payout.fees}`,
    payout.network !== null && `Netzwerk: ${payout.network}`,
    `An: ${payout.to}`,
    payout.order !== null && `Bestellung: ${payout.order}`,
    payout.inboxNamedBy !== null && `Postfach des Zahlers genannt von: ${payout.inboxNamedBy}`,
    payout.reference !== null && `Referenz: ${payout.reference}`,
    payout.askedBy !== null && `Angefordert von: ${payout.askedBy}`,
    `Händler: ${payout.merchant}`,
    payout.isTest && 'Modus: TEST, kein echtes Geld',
  );

export const de: BotTexts = {
  infoWelcome:
    'Dieser Bot sagt Ihnen, was mit Ihrem Paybell-Konto geschieht, zum Beispiel eine neue Anmeldung. ' +
    'Um ihn zu verbinden, fordern Sie in Ihren Kontoeinstellungen einen Telegram-Link an und öffnen Sie ihn hier.',
  merchantWelcome:
    'Dieser Bot klingelt, wenn in Ihrem Shop eine Zahlung eingeht. ' +
    'Um ihn zu verbinden, fordern Sie in Ihren Händlereinstellungen einen Telegram-Link an und öffnen Sie ihn hier.',
  infoConnected:
    'Verbunden. Sie erfahren hier, was mit Ihrem Konto geschieht. /help zeigt, was ich sonst noch kann.',
  merchantConnected: (merchant) =>
    `Verbunden. Sie erfahren hier von den Zahlungen von ${merchant}. /help zeigt, was ich sonst noch kann.`,
  invalidLink:
    'Dieser Link geht nicht: Er wurde schon benutzt oder ist älter als 15 Minuten. Bitte fordern Sie einen neuen an.',
  infoHelp: 'Ich sage Ihnen, was mit Ihrem Konto geschieht. Sie können mich auch fragen:',
  merchantHelp: 'Ich sage Ihnen, wenn Zahlungen eingehen. Sie können mich auch fragen:',
  commands: {
    help: 'Was ich kann',
    balance: 'Guthaben; /balance test für Spielgeld',
    invoices: 'Die letzten Rechnungen; /invoices test für Spielgeld',
    invoice: 'Neue Rechnung: /invoice 12.50 USD order-17',
    payouts: 'Offene Auszahlungen; /payouts test für Spielgeld',
    mute: 'Eine Weile still sein',
    unmute: 'Wieder klingeln',
    signins: 'Die letzten Anmeldungen in Ihrem Konto',
    language: 'Sprache wählen',
    stop: 'Diesen Chat trennen',
  },
  unknownCommand: 'Diesen Befehl kenne ich nicht. /help zeigt, was ich kann.',
  outdated: 'Diese Schaltfläche ist veraltet. Bitte senden Sie den Befehl noch einmal.',
  apology: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal.',
  notAllowed: 'Ihre Rolle erlaubt das nicht.',
  cancel: 'Abbrechen',
  cancelled: 'Abgebrochen. Es wurde nichts geändert.',
  chooseMerchant: 'Für welchen Händler?',
  chooseProject: 'Für welches Projekt?',
  test: '[TEST]',

  balance: {
    title: (merchant) => `Guthaben von ${merchant}`,
    none: 'Noch nichts.',
    line: ({ available, pending, held, owed }) =>
      [
        `${available} verfügbar`,
        pending !== null && `${pending} noch nicht bestätigt`,
        held !== null && `${held} bis zur Entscheidung zurückgehalten`,
        owed !== null && `${owed} geschuldet`,
      ]
        .filter(Boolean)
        .join(', '),
  },
  invoices: {
    title: (merchant) => `Rechnungen von ${merchant}, die neuesten zuerst`,
    none: 'Noch keine Rechnungen.',
    more: 'Ältere',
    showTest: 'Testrechnungen',
    showLive: 'Echte Rechnungen',
    status: {
      CREATED: 'wartet auf Zahlung',
      PARTIAL: 'teilweise bezahlt',
      CONFIRMING: 'wird bestätigt',
      PAID: 'bezahlt',
      OVERPAID: 'überzahlt',
      CANCELED: 'storniert',
      EXPIRED: 'abgelaufen',
    },
  },
  invoice: {
    usage:
      'Senden Sie den Betrag und die Währung, auf Wunsch auch Ihre Bestellnummer.\nZum Beispiel: /invoice 12.50 USD order-17',
    unknownCurrency: (code) =>
      `Die Währung ${code} kenne ich nicht. Schreiben Sie zum Beispiel USD, EUR oder USDT.\nZum Beispiel: /invoice 12.50 USD`,
    badAmount: (currency) =>
      `Das ist kein Betrag in ${currency}: Schreiben Sie eine Zahl über null, ohne Tausendertrennzeichen.\nZum Beispiel: /invoice 12.50 USD`,
    badOrderId: 'Eine Bestellnummer hat höchstens 128 Zeichen.\nZum Beispiel: /invoice 12.50 USD order-17',
    summary: (invoice) => lines('Neue Rechnung', facts(invoice)),
    create: 'Erstellen',
    asTest: 'Als TEST',
    asLive: 'Als LIVE',
    created: (invoice, link) => lines('Rechnung erstellt', facts(invoice), '', 'Zahlungsseite:', link),
    projectNotActive: 'Dieses Projekt nimmt in diesem Modus zurzeit keine neuen Rechnungen an.',
    changed:
      'Der Befehl wurde seit meiner Frage geändert, oder seine Rechnung ist schon erstellt. Bitte senden Sie ihn noch einmal.',
  },
  payouts: {
    title: (merchant) => `Offene Auszahlungen von ${merchant}`,
    none: 'Keine ist offen.',
    line: ({ amount, to, status }) => `${amount} → ${to}, ${status}`,
    consents: (given, required) => `wartet auf Zustimmung (${given} von ${required})`,
    status: { QUEUED: 'wartet, bis sie an der Reihe ist', SIGNED: 'signiert', BROADCAST: 'unterwegs' },
    waits: {
      HELD: 'nach einer Sicherheitsänderung angehalten',
      ADDRESS_COOLING_OFF: 'wartet: Die Adresse steht erst seit Kurzem auf der Liste',
      ADDRESS_NOT_LISTED: 'wartet auf Sie: Die Adresse steht nicht auf der Liste',
      ADDRESS_INVALID: 'wartet auf Sie: An die Adresse kann nicht gezahlt werden',
      KEY_REVOKED: 'wartet auf Sie: Der API-Schlüssel, der sie angefordert hat, ist widerrufen',
      MEMBER_GONE: 'wartet auf Sie: Wer sie angefordert hat, darf nicht mehr auszahlen',
      LIMIT_REACHED: 'wartet: Die Grenze des Tages ist erreicht',
      HOT_WALLET_SHORT: 'wartet: Das Gateway muss sein Wallet auffüllen',
      CHANGE_UNCONFIRMED: 'wartet: Wechselgeld des Gateways ist noch nicht endgültig',
      CHAIN_UNAVAILABLE: 'wartet: Das Netzwerk antwortet nicht',
      GAS_TOO_DEAR: 'wartet: Das Netzwerk ist gerade zu teuer',
      TRANSACTIONS_MISSING: 'wartet: Das Wallet des Gateways wird geprüft',
      TRANSFER_REFUSED: 'wartet: Das Netzwerk führt sie gerade nicht aus',
      TRANSFER_DOUBTED: 'wartet: Das Netzwerk führt sie gerade nicht aus',
      ACCOUNT_USED_ELSEWHERE: 'wartet: Der Betreiber des Gateways muss nachsehen',
      SIGNER_MISSING: 'wartet: Das Gateway kann gerade nicht signieren',
      NETWORK_NOT_CONFIGURED: 'wartet: Das Gateway bedient ihr Netzwerk gerade nicht',
      FAULT: 'wartet: Im Gateway ist etwas schiefgegangen',
    },
    approve: (place) => (place === null ? 'Zustimmen' : `${place}: zustimmen`),
    refuse: (place) => (place === null ? 'Ablehnen' : `${place}: ablehnen`),
    askPin: (verdict, payout) =>
      [
        verdict === 'APPROVE' ? 'Dieser Auszahlung zustimmen?' : 'Diese Auszahlung ablehnen?',
        payoutFacts(payout),
        'Vergleichen Sie sie mit dem, was Sie darüber wissen. Antworten Sie dann auf diese Nachricht mit Ihrer PIN; ich nehme die PIN sofort aus dem Chat.',
      ].join('\n\n'),
    pinPlaceholder: 'PIN',
    approved: (given, required) => `Zugestimmt: ${given} von ${required} Zustimmungen.`,
    queued: 'Zugestimmt. Die Auszahlung hat, was sie braucht, und wird gesendet.',
    refused: (source) =>
      ({
        REFUND:
          'Abgelehnt. Die Rückerstattung schlägt damit fehl; was für sie abgebucht wurde, ist wieder verfügbar.',
        REBOUND: 'Abgelehnt. Das Geld bleibt zurückgehalten und wartet wieder auf eine Entscheidung.',
        none: 'Abgelehnt. Der Betrag ist wieder verfügbar.',
      })[source ?? 'none'],
    badPin: 'Eine PIN hat 4 bis 8 Ziffern. Nichts wurde geändert.',
    wrongPin: 'Diese PIN ist falsch. Nichts wurde geändert.',
    tooManyPins:
      'Zu viele falsche PINs: Hier wird einen Tag lang keine mehr angenommen. Entscheiden Sie stattdessen in der Verwaltung.',
    answerTheQuestion:
      'Ich habe Ihre Nachricht aus dem Chat genommen, falls sie eine PIN war. Drücken Sie auf Zustimmen oder Ablehnen und antworten Sie auf die Frage, die ich dann stelle.',
    notDeleted: 'Ich konnte Ihre Nachricht nicht aus dem Chat nehmen. Bitte löschen Sie sie selbst.',
    changed: 'Die Auszahlung ist weitergegangen, seit sie gezeigt wurde. /payouts zeigt, wie sie steht.',
    own: 'Sie haben diese Auszahlung angefordert: Jemand anderes muss ihr zustimmen.',
    noPin: 'Sie haben keine PIN. Legen Sie zuerst in Ihren Sicherheitseinstellungen eine fest.',
    noSecondFactor:
      'Auszahlungen brauchen einen Authenticator. Richten Sie zuerst in Ihren Sicherheitseinstellungen einen ein.',
    held: (until) => `Auszahlungen sind nach einer Sicherheitsänderung bis ${until} angehalten.`,
  },
  mute: {
    question:
      'Wie lange soll ich still sein? Was kritisch ist und was die Sicherheit Ihres Kontos betrifft, sage ich Ihnen trotzdem.',
    choices: { HOUR: '1 Stunde', EIGHT_HOURS: '8 Stunden', DAY: '1 Tag', FOREVER: 'Bis auf Weiteres' },
    mutedUntil: (time) => `Still bis ${time}. /unmute beendet das.`,
    mutedForever: 'Still, bis Sie /unmute senden.',
    unmuted: 'Ich klingle wieder.',
  },
  language: {
    question: 'Welche Sprache soll ich sprechen? E-Mails kommen dann auch in ihr.',
    chosen: 'Ich spreche jetzt Deutsch.',
  },
  stop: {
    question: 'Soll ich diesen Chat trennen? Sie erfahren hier dann nichts mehr.',
    confirm: 'Trennen',
    done: 'Getrennt. Um ihn wieder zu verbinden, fordern Sie in Ihren Einstellungen einen neuen Telegram-Link an.',
  },
  signIns: {
    title: 'Die letzten Anmeldungen in Ihrem Konto',
    none: 'Es gibt noch keine Anmeldungen.',
    line: ({ time, device, ip, isLive, isDisowned }) =>
      `${time}, ${device}, ${ip}${isDisowned ? ' (nicht Sie)' : isLive ? ' (angemeldet)' : ''}`,
    notMe: (place) => (place === null ? 'Das war ich nicht' : `${place}: Das war ich nicht`),
    question: ({ time, device, ip }) =>
      lines(
        'Waren Sie das wirklich nicht?',
        `${time}, ${device}, ${ip}`,
        'Ich beende diese Sitzung und halte Auszahlungen 24 Stunden lang zurück.',
      ),
    confirm: 'Das war ich nicht',
    disowned: lines(
      'Erledigt: Diese Sitzung ist beendet, und Auszahlungen werden 24 Stunden lang zurückgehalten.',
      'Legen Sie jetzt ein neues Passwort fest, das meldet alle ab. Wer hereinkam, kannte das alte.',
    ),
    disownedBefore: 'Das haben Sie schon gemeldet: Diese Sitzung ist beendet.',
    unknown: 'Diese Anmeldung gibt es nicht.',
    newPassword: 'Passwort-Link per E-Mail',
    passwordMailed: 'Eine E-Mail mit dem Link ist an Ihre Adresse unterwegs.',
    tooMany: 'Das wurde zu oft verlangt. Bitte warten Sie eine Weile.',
  },
};
