import type { BotTexts, InvoiceSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Betrag: ${amount}`,
    orderId !== null && `Bestellung: ${orderId}`,
    `Projekt: ${project} (${merchant})`,
    isTest ? 'Modus: TEST, kein echtes Geld' : 'Modus: LIVE, echtes Geld',
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
