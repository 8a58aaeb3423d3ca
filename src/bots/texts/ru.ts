import type { BotTexts, InvoiceSummary, PayoutSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Сумма: ${amount}`,
    orderId !== null && `Заказ: ${orderId}`,
    `Проект: ${project} (${merchant})`,
    isTest ? 'Режим: ТЕСТ, деньги не настоящие' : 'Режим: рабочий, деньги настоящие',
  );

const SOURCES = { REFUND: 'Возврат плательщику', REBOUND: 'Удержанные деньги обратно плательщику' } as const;

const payoutFacts = (payout: PayoutSummary): string =>
  lines(
    payout.source !== null && SOURCES[payout.source],
    `Сумма: ${payout.amount}`,
    `К получению: ${payout.arrives}`,
    `Комиссии: ${payout.fees}`,
    payout.network !== null && `Сеть: ${payout.network}`,
    `Кому: ${payout.to}`,
    payout.order !== null && `Заказ: ${payout.order}`,
    payout.inboxNamedBy !== null && `Ящик плательщика указал: ${payout.inboxNamedBy}`,
    payout.reference !== null && `Назначение: ${payout.reference}`,
    payout.askedBy !== null && `Запросил: ${payout.askedBy}`,
    `Продавец: ${payout.merchant}`,
    payout.isTest && 'Режим: TEST, без настоящих денег',
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
    payouts: 'Незавершённые выплаты; /payouts test — учебные',
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
  payouts: {
    title: (merchant) => `Незавершённые выплаты: ${merchant}`,
    none: 'Незавершённых выплат нет.',
    line: ({ amount, to, status }) => `${amount} → ${to}, ${status}`,
    consents: (given, required) => `ждёт согласия (${given} из ${required})`,
    status: { QUEUED: 'ждёт очереди', SIGNED: 'подписана', BROADCAST: 'в пути' },
    waits: {
      HELD: 'задержана после изменения безопасности',
      ADDRESS_COOLING_OFF: 'ждёт: её адрес добавлен в список недавно',
      ADDRESS_NOT_LISTED: 'ждёт Вас: её адреса нет в списке',
      ADDRESS_INVALID: 'ждёт Вас: на её адрес нельзя платить',
      KEY_REVOKED: 'ждёт Вас: API-ключ, который её запросил, отозван',
      MEMBER_GONE: 'ждёт Вас: у запросившего больше нет права на выплаты',
      LIMIT_REACHED: 'ждёт: лимит за сутки исчерпан',
      HOT_WALLET_SHORT: 'ждёт: шлюз должен пополнить кошелёк',
      CHANGE_UNCONFIRMED: 'ждёт: сдача шлюза ещё не окончательна',
      CHAIN_UNAVAILABLE: 'ждёт: сеть не отвечает',
      GAS_TOO_DEAR: 'ждёт: сеть сейчас слишком дорогая',
      TRANSACTIONS_MISSING: 'ждёт: кошелёк шлюза проверяется',
      TRANSFER_REFUSED: 'ждёт: сеть пока не выполняет её',
      TRANSFER_DOUBTED: 'ждёт: сеть пока не выполняет её',
      ACCOUNT_USED_ELSEWHERE: 'ждёт: нужна проверка оператора шлюза',
      SIGNER_MISSING: 'ждёт: шлюз пока не может её подписать',
      NETWORK_NOT_CONFIGURED: 'ждёт: шлюз пока не работает с её сетью',
      FAULT: 'ждёт: на шлюзе произошёл сбой',
    },
    approve: (place) => (place === null ? 'Одобрить' : `${place}: одобрить`),
    refuse: (place) => (place === null ? 'Отклонить' : `${place}: отклонить`),
    askPin: (verdict, payout) =>
      [
        verdict === 'APPROVE' ? 'Одобрить эту выплату?' : 'Отклонить эту выплату?',
        payoutFacts(payout),
        'Сверьте её с тем, что Вам о ней известно. Затем ответьте на это сообщение PIN-кодом; я сразу удалю его из чата.',
      ].join('\n\n'),
    pinPlaceholder: 'PIN-код',
    approved: (given, required) => `Одобрено: ${given} из ${required}.`,
    queued: 'Одобрено. Все согласия получены, выплата будет отправлена.',
    refused: (source) =>
      ({
        REFUND: 'Отклонено. Возврат не состоялся, списанная для него сумма снова доступна.',
        REBOUND: 'Отклонено. Деньги остаются удержанными и снова ждут решения.',
        none: 'Отклонено. Сумма снова доступна.',
      })[source ?? 'none'],
    badPin: 'В PIN-коде от 4 до 8 цифр. Ничего не изменено.',
    wrongPin: 'Неверный PIN-код. Ничего не изменено.',
    tooManyPins:
      'Слишком много неверных PIN-кодов: здесь они не принимаются в течение суток. Примите решение в личном кабинете.',
    answerTheQuestion:
      'Я удалил Ваше сообщение из чата на случай, если это был PIN-код. Нажмите «Одобрить» или «Отклонить» и ответьте на вопрос, который я тогда задам.',
    notDeleted: 'Не удалось удалить Ваше сообщение из чата. Удалите его, пожалуйста, сами.',
    changed: 'С тех пор как выплата была показана, она изменилась. /payouts покажет её состояние.',
    own: 'Эту выплату запросили Вы: одобрить её должен кто-то другой.',
    noPin: 'У Вас нет PIN-кода. Сначала задайте его в настройках безопасности.',
    noSecondFactor: 'Для выплат нужен аутентификатор. Сначала подключите его в настройках безопасности.',
    held: (until) => `Выплаты задержаны до ${until} после изменения безопасности.`,
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
