import type { BotTexts, InvoiceSummary, PayoutSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Importe: ${amount}`,
    orderId !== null && `Pedido: ${orderId}`,
    `Proyecto: ${project} (${merchant})`,
    isTest ? 'Modo: PRUEBA, sin dinero real' : 'Modo: REAL, con dinero real',
  );

const SOURCES = {
  REFUND: 'Reembolso a un pagador',
  REBOUND: 'Dinero retenido de vuelta a su pagador',
} as const;

const payoutFacts = (payout: PayoutSummary): string =>
  lines(
    payout.source !== null && SOURCES[payout.source],
    `Importe: ${payout.amount}`,
    `Llega: ${payout.arrives}`,
    `Comisiones: ${payout.fees}`,
    payout.network !== null && `Red: ${payout.network}`,
    `A: ${payout.to}`,
    payout.order !== null && `Pedido: ${payout.order}`,
    payout.inboxNamedBy !== null && `Buzón del pagador indicado por: ${payout.inboxNamedBy}`,
    payout.reference !== null && `Referencia: ${payout.reference}`,
    payout.askedBy !== null && `Solicitado por: ${payout.askedBy}`,
    `Comercio: ${payout.merchant}`,
    payout.isTest && 'Modo: TEST, sin dinero real',
  );

export const es: BotTexts = {
  infoWelcome:
    'Este bot le dice qué ocurre con su cuenta de Paybell, como un nuevo inicio de sesión. ' +
    'Para conectarlo, pida un enlace de Telegram en los ajustes de su cuenta y ábralo aquí.',
  merchantWelcome:
    'Este bot le avisa cuando llega un pago a su tienda. ' +
    'Para conectarlo, pida un enlace de Telegram en los ajustes de su comercio y ábralo aquí.',
  infoConnected: 'Conectado. Aquí sabrá qué ocurre con su cuenta. /help muestra qué más sé hacer.',
  merchantConnected: (merchant) =>
    `Conectado. Aquí sabrá de los pagos de ${merchant}. /help muestra qué más sé hacer.`,
  invalidLink:
    'Este enlace no funciona: ya se ha usado o tiene más de 15 minutos. Pida uno nuevo, por favor.',
  infoHelp: 'Le digo qué ocurre con su cuenta. También puede preguntarme:',
  merchantHelp: 'Le aviso de los pagos. También puede preguntarme:',
  commands: {
    help: 'Qué sé hacer',
    balance: 'Saldos; /balance test para dinero de prueba',
    invoices: 'Las últimas facturas; /invoices test para las de prueba',
    invoice: 'Nueva factura: /invoice 12.50 USD order-17',
    payouts: 'Retiros abiertos; /payouts test para dinero ficticio',
    mute: 'Callar durante un tiempo',
    unmute: 'Volver a avisar',
    signins: 'Los últimos inicios de sesión en su cuenta',
    language: 'Elegir el idioma',
    stop: 'Desconectar este chat',
  },
  unknownCommand: 'No conozco ese comando. /help muestra qué sé hacer.',
  outdated: 'Este botón ha caducado. Envíe el comando otra vez, por favor.',
  apology: 'Algo ha fallado por nuestra parte. Inténtelo de nuevo en un momento, por favor.',
  notAllowed: 'Su función no lo permite.',
  cancel: 'Cancelar',
  cancelled: 'Cancelado. No se ha cambiado nada.',
  chooseMerchant: '¿Para qué comercio?',
  chooseProject: '¿Para qué proyecto?',
  test: '[PRUEBA]',

  balance: {
    title: (merchant) => `Saldos de ${merchant}`,
    none: 'Todavía nada.',
    line: ({ available, pending, held, owed }) =>
      [
        `${available} disponible`,
        pending !== null && `${pending} aún sin confirmar`,
        held !== null && `${held} a la espera de una decisión`,
        owed !== null && `${owed} de deuda`,
      ]
        .filter(Boolean)
        .join(', '),
  },
  invoices: {
    title: (merchant) => `Facturas de ${merchant}, las más recientes primero`,
    none: 'Todavía no hay facturas.',
    more: 'Anteriores',
    showTest: 'Facturas de prueba',
    showLive: 'Facturas reales',
    status: {
      CREATED: 'a la espera del pago',
      PARTIAL: 'pagada en parte',
      CONFIRMING: 'en confirmación',
      PAID: 'pagada',
      OVERPAID: 'pagada en exceso',
      CANCELED: 'cancelada',
      EXPIRED: 'vencida',
    },
  },
  invoice: {
    usage:
      'Envíe el importe y la moneda y, si quiere, su número de pedido.\nPor ejemplo: /invoice 12.50 USD order-17',
    unknownCurrency: (code) =>
      `No conozco la moneda ${code}. Escríbala así: USD, EUR o USDT.\nPor ejemplo: /invoice 12.50 USD`,
    badAmount: (currency) =>
      `Eso no es un importe en ${currency}: escriba un número mayor que cero, sin separadores de millares.\nPor ejemplo: /invoice 12.50 USD`,
    badOrderId:
      'Un número de pedido tiene como máximo 128 caracteres.\nPor ejemplo: /invoice 12.50 USD order-17',
    summary: (invoice) => lines('Nueva factura', facts(invoice)),
    create: 'Crear',
    asTest: 'Hacerla de PRUEBA',
    asLive: 'Hacerla REAL',
    created: (invoice, link) => lines('Factura creada', facts(invoice), '', 'Página de pago:', link),
    projectNotActive: 'Este proyecto no acepta por ahora nuevas facturas en este modo.',
    changed:
      'El comando ha cambiado desde mi pregunta, o su factura ya está creada. Envíelo otra vez, por favor.',
  },
  payouts: {
    title: (merchant) => `Retiros abiertos de ${merchant}`,
    none: 'No hay ninguno abierto.',
    line: ({ amount, to, status }) => `${amount} → ${to}, ${status}`,
    consents: (given, required) => `espera aprobación (${given} de ${required})`,
    status: { QUEUED: 'espera su turno', SIGNED: 'firmado', BROADCAST: 'en camino' },
    waits: {
      HELD: 'retenido tras un cambio de seguridad',
      ADDRESS_COOLING_OFF: 'espera: su dirección está en la lista desde hace poco',
      ADDRESS_NOT_LISTED: 'le espera a usted: su dirección no está en la lista',
      ADDRESS_INVALID: 'le espera a usted: no se puede pagar a su dirección',
      KEY_REVOKED: 'le espera a usted: se revocó la clave API que lo solicitó',
      MEMBER_GONE: 'le espera a usted: quien lo solicitó ya no puede hacer retiros',
      LIMIT_REACHED: 'espera: se ha alcanzado el límite del día',
      HOT_WALLET_SHORT: 'espera: la pasarela debe rellenar su monedero',
      CHANGE_UNCONFIRMED: 'espera: el cambio de la pasarela aún no es definitivo',
      CHAIN_UNAVAILABLE: 'espera: la red no responde',
      GAS_TOO_DEAR: 'espera: la red es demasiado cara por ahora',
      TRANSACTIONS_MISSING: 'espera: se revisa el monedero de la pasarela',
      TRANSFER_REFUSED: 'espera: la red no lo ejecuta por ahora',
      TRANSFER_DOUBTED: 'espera: la red no lo ejecuta por ahora',
      ACCOUNT_USED_ELSEWHERE: 'espera: el operador de la pasarela debe revisarlo',
      SIGNER_MISSING: 'espera: la pasarela no puede firmar por ahora',
      NETWORK_NOT_CONFIGURED: 'espera: la pasarela no atiende su red por ahora',
      FAULT: 'espera: algo ha fallado en la pasarela',
    },
    approve: (place) => (place === null ? 'Aprobar' : `${place}: aprobar`),
    refuse: (place) => (place === null ? 'Rechazar' : `${place}: rechazar`),
    askPin: (verdict, payout) =>
      [
        verdict === 'APPROVE' ? '¿Aprobar este retiro?' : '¿Rechazar este retiro?',
        payoutFacts(payout),
        'Compárelo con lo que sabe de él. Después responda a este mensaje con su PIN; lo quito del chat de inmediato.',
      ].join('\n\n'),
    pinPlaceholder: 'PIN',
    approved: (given, required) => `Aprobado: ${given} de ${required} aprobaciones.`,
    queued: 'Aprobado. El retiro tiene lo que necesita y se envía.',
    refused: (source) =>
      ({
        REFUND: 'Rechazado. El reembolso falla con él, y lo que se le cargó vuelve a estar disponible.',
        REBOUND: 'Rechazado. El dinero sigue retenido y vuelve a esperar una decisión.',
        none: 'Rechazado. El importe vuelve a estar disponible.',
      })[source ?? 'none'],
    badPin: 'Un PIN tiene de 4 a 8 cifras. No se ha cambiado nada.',
    wrongPin: 'Este PIN es incorrecto. No se ha cambiado nada.',
    tooManyPins: 'Demasiados PIN incorrectos: aquí no se acepta ninguno durante un día. Decida en el panel.',
    answerTheQuestion:
      'He quitado su mensaje del chat por si era un PIN. Pulse Aprobar o Rechazar y responda a la pregunta que le haré.',
    notDeleted: 'No he podido quitar su mensaje del chat. Bórrelo usted, por favor.',
    changed: 'El retiro ha avanzado desde que se mostró. /payouts muestra cómo está.',
    own: 'Usted solicitó este retiro: debe aprobarlo otra persona.',
    noPin: 'Usted no tiene PIN. Configure primero uno en sus ajustes de seguridad.',
    noSecondFactor:
      'Los retiros necesitan un autenticador. Configure primero uno en sus ajustes de seguridad.',
    held: (until) => `Los retiros están retenidos hasta ${until} tras un cambio de seguridad.`,
  },
  mute: {
    question:
      '¿Cuánto tiempo debo callar? De lo crítico y de la seguridad de su cuenta le avisaré de todos modos.',
    choices: { HOUR: '1 hora', EIGHT_HOURS: '8 horas', DAY: '1 día', FOREVER: 'Hasta nuevo aviso' },
    mutedUntil: (time) => `En silencio hasta: ${time}. /unmute lo termina.`,
    mutedForever: 'En silencio hasta que envíe /unmute.',
    unmuted: 'Vuelvo a avisar.',
  },
  language: {
    question: '¿Qué idioma debo hablar? Los correos también llegarán en él.',
    chosen: 'Ahora hablo español.',
  },
  stop: {
    question: '¿Desconecto este chat? Aquí ya no sabrá nada más.',
    confirm: 'Desconectar',
    done: 'Desconectado. Para conectarlo otra vez, pida un nuevo enlace de Telegram en sus ajustes.',
  },
  signIns: {
    title: 'Los últimos inicios de sesión en su cuenta',
    none: 'Todavía no hay inicios de sesión.',
    line: ({ time, device, ip, isLive, isDisowned }) =>
      `${time}, ${device}, ${ip}${isDisowned ? ' (no fue usted)' : isLive ? ' (sesión abierta)' : ''}`,
    notMe: (place) => (place === null ? 'No fui yo' : `${place}: no fui yo`),
    question: ({ time, device, ip }) =>
      lines(
        '¿Seguro que no fue usted?',
        `${time}, ${device}, ${ip}`,
        'Cerraré esa sesión y retendré los retiros durante 24 horas.',
      ),
    confirm: 'No fui yo',
    disowned: lines(
      'Hecho: esa sesión está cerrada y los retiros quedan retenidos durante 24 horas.',
      'Establezca ahora una contraseña nueva: eso cierra todas las sesiones. Quien entró conocía la anterior.',
    ),
    disownedBefore: 'Ya lo había indicado: esa sesión está cerrada.',
    unknown: 'No existe ese inicio de sesión.',
    newPassword: 'Enlace para la contraseña',
    passwordMailed: 'Un correo con el enlace va camino de su dirección.',
    tooMany: 'Se ha pedido demasiadas veces. Espere un poco, por favor.',
  },
};
