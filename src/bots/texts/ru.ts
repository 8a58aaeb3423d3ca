import type { BotTexts, InvoiceSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Сумма: ${amount}`,
    orderId !== null && `Заказ: ${orderId}`,
    `Проект: ${project} (${merchant})`,
    isTest ? 'Режим: ТЕСТ, деньги не настоящие' : 'Режим: рабочий, деньги настоящие',
  );

export const ru: BotTexts = {
  infoWelcome:
    'Этот бот сообщает, что происходит с Вашим аккаунтом Paybell, например о новом входе. ' +
    'Чтобы подключить его, запросите ссылку для Telegram в настройках аккаунта и откройте её здесь.',
  merchantWelcome:
    'Этот бот сообщает, когда в Ваш магазин поступает платёж. ' +
    'Чтобы подключить его, запросите ссылку для Telegram в настройках продавца и откройте её здесь.',
  infoConnected:
    'Подключено. Здесь Вы будете узнавать, что происходит с Вашим аккаунтом. /help покажет, что ещё я умею.',
  merchantConnected: (merchant) =>
    `Подключено. Здесь Вы будете узнавать о платежах ${merchant}. /help покажет, что ещё я умею.`,
  invalidLink:
    'Эта ссылка не работает: она уже использована или прошло больше 15 минут. Запросите новую, пожалуйста.',
  infoHelp: 'Я сообщаю, что происходит с Вашим аккаунтом. Можно также спросить меня:',
  merchantHelp: 'Я сообщаю о платежах. Можно также спросить меня:',
  commands: {
    help: 'Что я умею',
    balance: 'Балансы; /balance test для тестовых денег',
    invoices: 'Последние счета; /invoices test для тестовых денег',
    invoice: 'Новый счёт: /invoice 12.50 USD order-17',
    mute: 'Помолчать некоторое время',
    unmute: 'Снова сообщать',
    signins: 'Последние входы в Ваш аккаунт',
    language: 'Выбрать язык',
    stop: 'Отключить этот чат',
  },
  unknownCommand: 'Я не знаю этой команды. /help покажет, что я умею.',
  outdated: 'Эта кнопка устарела. Отправьте команду ещё раз, пожалуйста.',
  apology: 'У нас что-то пошло не так. Попробуйте ещё раз чуть позже, пожалуйста.',
  notAllowed: 'Ваша роль этого не позволяет.',
  cancel: 'Отмена',
  cancelled: 'Отменено. Ничего не изменилось.',
  chooseMerchant: 'Для какого продавца?',
  chooseProject: 'Для какого проекта?',
  test: '[ТЕСТ]',

  balance: {
    title: (merchant) => `Балансы ${merchant}`,
    none: 'Пока ничего нет.',
    line: ({ available, pending, held, owed }) =>
      [
        `доступно ${available}`,
        pending !== null && `ещё не подтверждено ${pending}`,
        held !== null && `ожидает решения ${held}`,
        owed !== null && `долг ${owed}`,
      ]
        .filter(Boolean)
        .join(', '),
  },
  invoices: {
    title: (merchant) => `Счета ${merchant}, сначала новые`,
    none: 'Счетов пока нет.',
    more: 'Более ранние',
    showTest: 'Тестовые счета',
    showLive: 'Настоящие счета',
    status: {
      CREATED: 'ожидает оплаты',
      PARTIAL: 'оплачен частично',
      CONFIRMING: 'подтверждается',
      PAID: 'оплачен',
      OVERPAID: 'оплачен с излишком',
      CANCELED: 'отменён',
      EXPIRED: 'истёк',
    },
  },
  invoice: {
    usage: 'Отправьте сумму и валюту, а при желании и номер заказа.\nНапример: /invoice 12.50 USD order-17',
    unknownCurrency: (code) =>
      `Я не знаю валюты ${code}. Пишите так: USD, EUR или USDT.\nНапример: /invoice 12.50 USD`,
    badAmount: (currency) =>
      `Это не сумма в ${currency}: напишите число больше нуля, без разделителей между тысячами.\nНапример: /invoice 12.50 USD`,
    badOrderId: 'В номере заказа не больше 128 знаков.\nНапример: /invoice 12.50 USD order-17',
    summary: (invoice) => lines('Новый счёт', facts(invoice)),
    create: 'Создать',
    asTest: 'Сделать тестовым',
    asLive: 'Сделать настоящим',
    created: (invoice, link) => lines('Счёт создан', facts(invoice), '', 'Страница оплаты:', link),
    projectNotActive: 'Сейчас этот проект не принимает новых счетов в этом режиме.',
    changed: 'Команда с тех пор изменилась, или счёт по ней уже создан. Отправьте её ещё раз, пожалуйста.',
  },
  mute: {
    question:
      'Сколько времени мне молчать? О самом важном и о безопасности Вашего аккаунта я сообщу всё равно.',
    choices: { HOUR: '1 час', EIGHT_HOURS: '8 часов', DAY: '1 день', FOREVER: 'Пока не скажу' },
    mutedUntil: (time) => `Молчу до ${time}. /unmute отменит это.`,
    mutedForever: 'Молчу, пока Вы не отправите /unmute.',
    unmuted: 'Я снова сообщаю.',
  },
  language: {
    question: 'На каком языке мне говорить? Письма тоже будут на нём.',
    chosen: 'Теперь я говорю по-русски.',
  },
  stop: {
    question: 'Отключить этот чат? Здесь Вы больше ничего не узнаете.',
    confirm: 'Отключить',
    done: 'Отключено. Чтобы подключиться снова, запросите в настройках новую ссылку для Telegram.',
  },
  signIns: {
    title: 'Последние входы в Ваш аккаунт',
    none: 'Входов пока не было.',
    line: ({ time, device, ip, isLive, isDisowned }) =>
      `${time}, ${device}, ${ip}${isDisowned ? ' (не Вы)' : isLive ? ' (сеанс открыт)' : ''}`,
    notMe: (place) => (place === null ? 'Это не я' : `${place}: это не я`),
    question: ({ time, device, ip }) =>
      lines(
        'Это точно были не Вы?',
        `${time}, ${device}, ${ip}`,
        'Я завершу этот сеанс и приостановлю выплаты на 24 часа.',
      ),
    confirm: 'Это не я',
    disowned: lines(
      'Готово: этот сеанс завершён, выплаты приостановлены на 24 часа.',
      'Теперь задайте новый пароль: это завершит все сеансы. Тот, кто вошёл, знал прежний.',
    ),
    disownedBefore: 'Вы уже сообщали об этом: тот сеанс завершён.',
    unknown: 'Такого входа нет.',
    newPassword: 'Прислать ссылку для пароля',
    passwordMailed: 'Письмо со ссылкой отправлено на Ваш адрес электронной почты.',
    tooMany: 'Слишком много запросов. Подождите немного, пожалуйста.',
  },
};
