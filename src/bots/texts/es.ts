import type { BotTexts, InvoiceSummary } from './bot-texts.ts';
import { lines } from './forms.ts';

const facts = ({ amount, orderId, merchant, project, isTest }: InvoiceSummary): string =>
  lines(
    `Importe: ${amount}`,
    orderId !== null && `Pedido: ${orderId}`,
    `Proyecto: ${project} (${merchant})`,
    isTest ? 'Modo: PRUEBA, sin dinero real' : 'Modo: REAL, con dinero real',
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
