import { base32nopad } from '@scure/base';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import {
  INFO_BOT_TOKEN,
  MERCHANT_BOT_TOKEN,
  SMS_AUTH_TOKEN,
  type Platform,
} from '../../../src/demo/platform.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../../src/config/secrets.ts';
import * as operations from '../../../src/generated/documents.ts';
import { totpAt } from '../../testkit/authenticator.ts';
import { everythingTold } from '../../testkit/facts.ts';
import type { MovableClock } from '../../testkit/movable-clock.ts';
import { openOperator } from '../../testkit/operator.ts';
import type { TestPlatform } from '../../testkit/platform.ts';
import { postGraphQL } from '../../testkit/raw-graphql.ts';
import type { Secret } from '../../testkit/secret-search.ts';
import { stepUp } from '../../testkit/sessions.ts';
import { connect, newChat } from '../../testkit/telegram-chat.ts';
import { startReceiver } from '../../testkit/webhook-receiver.ts';
import { make, rotate as rotateKey } from '../api-key/key-shop.ts';
import { claim, paidInvoice, refund } from '../refund/refund-shop.ts';
import { png } from '../projects/pictures.ts';
import { openPersonWithAuthenticator } from '../two-factor/two-factor-kit.ts';
import { create, rotate, tryTest } from '../webhook/webhook-shop.ts';

/** What `openMerchant` signs up and in with. */
export const PASSWORD = 'correct horse battery staple';
const NEW_PASSWORDS = {
  reset: 'a horse of another colour',
  change: 'the colour out of horses',
  invitation: 'welcome to the corner table',
  operator: 'whoever operates is awake',
} as const;
const PIN = '48151623';

/** Secrets by what they are, as they came into the world: shown by the API, or read in mail and SMS. */
export type MadeSecrets = Readonly<Record<string, readonly Secret[]>>;
/** Does what makes secrets and uses them up, and leaves others of the kind unused. */
export type MakeSecrets = (world: SecretWorld) => Promise<MadeSecrets>;

export interface SecretWorld {
  readonly kit: TestPlatform;
  readonly clock: MovableClock;
  readonly shop: DemoMerchant;
}

/** Every kind of secret that the gateway is told or gives out. With a new kind comes a new line. */
export const EVERY_SECRET: readonly MakeSecrets[] = [
  configuration,
  signUp,
  cookie,
  keys,
  telegramLink,
  passwordReset,
  passwordChange,
  emailChange,
  phoneChange,
  authenticator,
  lostAuthenticator,
  sessions,
  pin,
  invitation,
  logoUpload,
  operator,
  webhookSecrets,
  claimLinks,
];

/** The parts of the mails to an address that match, oldest first; waits until all is sent. */
async function mailed({ kit }: SecretWorld, email: string, pattern: RegExp): Promise<string[]> {
  await everythingTold(kit.database.pool);
  const mails = kit.platform.mail.mails.filter(({ recipients }) => recipients.includes(email));
  return mails.flatMap(({ parsed }) => pattern.exec(parsed.text ?? '')?.[1] ?? []);
}
const CODE = /^(\d{6})$/m;

/** A merchant whose owner has just proved to be there, whatever the clock says. */
const open = ({ kit }: SecretWorld, email: string) => openMerchant(kit.platform, email);

async function configuration(): Promise<MadeSecrets> {
  return {
    'key of the gateway': [DEVELOPMENT_SECRET_KEY, Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64')],
    'passwords of the channels': [INFO_BOT_TOKEN, MERCHANT_BOT_TOKEN, SMS_AUTH_TOKEN],
  };
}

async function signUp(world: SecretWorld): Promise<MadeSecrets> {
  return {
    password: [PASSWORD],
    'confirmation link': await mailed(world, world.shop.email, /\/confirm\?token=([\w-]+)/),
  };
}

async function cookie({ kit, shop }: SecretWorld): Promise<MadeSecrets> {
  const input = { email: shop.email, password: PASSWORD };
  const answer = await postGraphQL(kit.platform.url, operations.SessionCreateDocument, { input });
  const set = answer.headers.get('set-cookie') ?? '';
  return { 'session cookie': /paybell_session=([\w-]+)/.exec(set)?.slice(1) ?? [] };
}

async function keys({ shop: { owner, projectId, testKey, liveKey } }: SecretWorld): Promise<MadeSecrets> {
  const first = await make(owner, { projectId });
  const { secret } = await rotateKey(owner, first.apiKey.id, 1);
  return { 'API key': [testKey, liveKey, first.secret], 'rotated API key': [secret] };
}

async function telegramLink({ shop }: SecretWorld): Promise<MadeSecrets> {
  const input = { bot: 'INFO' } as const;
  const { telegramLinkCreate } = await shop.owner.send(operations.TelegramLinkCreateDocument, { input });
  return { 'Telegram link': [accepted(telegramLinkCreate, 'TelegramLinkCreatePayload').token] };
}

/** One that was used, and one that is good still. */
async function claimLinks(world: SecretWorld): Promise<MadeSecrets> {
  const { owner, test } = await open(world, 'claims@shop.example');
  const payer = 'payer@claims.example';
  const invoiceId = await paidInvoice(test, { customerEmail: payer });
  const pattern = /\/refund\/([\w-]+)/;
  await refund(owner, { invoiceId, amount: '5' });
  const [used = ''] = await mailed(world, payer, pattern);
  await claim(`${world.kit.platform.url}/refund/${used}`);
  await refund(owner, { invoiceId, amount: '5' });
  return { 'link to claim a refund': await mailed(world, payer, pattern) };
}

const RESET_LINK = /\/password-reset\?token=([\w-]+)/;

async function passwordReset(world: SecretWorld): Promise<MadeSecrets> {
  const { api } = world.kit.platform;
  const { email } = await open(world, 'reset@shop.example');
  const request = () => api.send(operations.PasswordResetRequestDocument, { input: { email } });
  await request();
  const [token = ''] = await mailed(world, email, RESET_LINK);
  const input = { token, password: NEW_PASSWORDS.reset };
  accepted(
    (await api.send(operations.PasswordResetDocument, { input })).passwordReset,
    'PasswordResetPayload',
  );
  await request();
  return {
    'password-reset link': await mailed(world, email, RESET_LINK),
    'password of a reset': [NEW_PASSWORDS.reset],
  };
}

async function passwordChange(world: SecretWorld): Promise<MadeSecrets> {
  const { owner } = await open(world, 'password@shop.example');
  const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORDS.change };
  const { passwordChange: changed } = await owner.send(operations.PasswordChangeDocument, { input });
  accepted(changed, 'PasswordChangePayload');
  return { 'changed password': [NEW_PASSWORDS.change] };
}

async function emailChange(world: SecretWorld): Promise<MadeSecrets> {
  const { owner } = await open(world, 'email@shop.example');
  const newEmail = 'email@new.example';
  await owner.send(operations.EmailChangeRequestDocument, { input: { newEmail } });
  const [code = ''] = await mailed(world, newEmail, CODE);
  const { emailChangeConfirm } = await owner.send(operations.EmailChangeConfirmDocument, { input: { code } });
  accepted(emailChangeConfirm, 'User');
  await owner.send(operations.EmailChangeRequestDocument, { input: { newEmail: 'email@newer.example' } });
  return { 'code for an address': [code, ...(await mailed(world, 'email@newer.example', CODE))] };
}

async function phoneChange(world: SecretWorld): Promise<MadeSecrets> {
  const { owner } = await open(world, 'phone@shop.example');
  const newPhone = '+12025550143';
  const codeOf = ({ body }: { readonly body: string }) => /^(\d{6}) /.exec(body)?.[1] ?? '';
  await owner.send(operations.PhoneChangeRequestDocument, { input: { newPhone } });
  const code = codeOf(await smsTo(world.kit.platform, newPhone));
  const { phoneChangeConfirm } = await owner.send(operations.PhoneChangeConfirmDocument, { input: { code } });
  accepted(phoneChangeConfirm, 'User');
  const another = '+12025550144';
  await owner.send(operations.PhoneChangeRequestDocument, { input: { newPhone: another } });
  return { 'code for a phone': [code, codeOf(await smsTo(world.kit.platform, another))] };
}

const smsTo = ({ sms }: Platform, phone: string) => sms.waitForMessage(({ to }) => to === phone);

async function authenticator(world: SecretWorld): Promise<MadeSecrets> {
  const { kit, clock } = world;
  const email = 'authenticator@shop.example';
  const first = clock.now();
  const person = await openPersonWithAuthenticator(kit, clock, email);
  const totpCode = person.nextCode();
  const signedIn = await kit.platform.api.send(operations.SessionCreateDocument, {
    input: { email, password: PASSWORD, totpCode },
  });
  const { token } = accepted(signedIn.sessionCreate, 'SessionCreatePayload');
  const [recoveryCode = ''] = person.recoveryCodes;
  const { sessionStepUp } = await kit.platform.api
    .as(token)
    .send(operations.SessionStepUpDocument, { input: { recoveryCode } });
  const proven = accepted(sessionStepUp, 'SessionStepUpPayload').token;
  return {
    'code to set an authenticator up': await mailed(world, email, CODE),
    'secret of an authenticator': [
      person.secret,
      person.secret.toLowerCase(),
      base32nopad.decode(person.secret),
    ],
    'code of an authenticator': [totpAt(person.secret, first), totpCode],
    'recovery code': person.recoveryCodes.flatMap((code) => [
      code,
      code.replaceAll('-', ''),
      code.replaceAll('-', '').toLowerCase(),
    ]),
    'session token with a second factor': [token, proven],
  };
}

const OFF_LINK = /\/two-factor-reset\?token=([\w-]+)/;

async function lostAuthenticator(world: SecretWorld): Promise<MadeSecrets> {
  const { kit, clock } = world;
  const email = 'lost@shop.example';
  await openPersonWithAuthenticator(kit, clock, email);
  const request = () =>
    kit.platform.api.send(operations.TwoFactorResetRequestDocument, { input: { email, password: PASSWORD } });
  await request();
  const [token = ''] = await mailed(world, email, OFF_LINK);
  const { twoFactorResetFile } = await kit.platform.api.send(operations.TwoFactorResetFileDocument, {
    input: { token, reason: 'My phone fell into the sea.' },
  });
  accepted(twoFactorResetFile, 'TwoFactorResetFilePayload');
  await request();
  return { 'link to have an authenticator taken off': await mailed(world, email, OFF_LINK) };
}

async function sessions({ kit, shop }: SecretWorld): Promise<MadeSecrets> {
  const before = await signIn(kit.platform, shop.email);
  const input = { password: PASSWORD };
  const { sessionStepUp } = await kit.platform.api
    .as(before)
    .send(operations.SessionStepUpDocument, { input });
  return {
    'session token': [shop.sessionToken, before],
    'session token after a step-up': [accepted(sessionStepUp, 'SessionStepUpPayload').token],
  };
}

async function pin(world: SecretWorld): Promise<MadeSecrets> {
  const { owner, merchantId } = await open(world, 'pin@shop.example');
  accepted((await owner.send(operations.PinSetDocument, { input: { pin: PIN } })).pinSet, 'PinPayload');
  // Told to the bot as well, which takes it off the chat.
  const chat = newChat(world.kit.platform.bots, 'MERCHANT');
  await connect(chat, owner, merchantId);
  await chat.ask(PIN);
  world.clock.advance({ seconds: 15 * 60 });
  const { sessionUnlock } = await owner.send(operations.SessionUnlockDocument, { input: { pin: PIN } });
  accepted(sessionUnlock, 'SessionUnlockPayload');
  return { PIN: [PIN] };
}

async function invitation(world: SecretWorld): Promise<MadeSecrets> {
  const { kit, shop } = world;
  const invite = async (email: string) => {
    const input = { merchantId: shop.merchantId, email, role: 'VIEWER' } as const;
    accepted((await shop.owner.send(operations.MemberInviteDocument, { input })).memberInvite, 'Invitation');
    return mailed(world, email, /\/invitation\?token=([\w-]+)/);
  };
  const [token = ''] = await invite('guest@shop.example');
  const { invitationSignUp } = await kit.platform.api.send(operations.InvitationSignUpDocument, {
    input: { token, password: NEW_PASSWORDS.invitation },
  });
  accepted(invitationSignUp, 'InvitationSignUpPayload');
  return {
    'invitation link': [token, ...(await invite('nobody@shop.example'))],
    'password of an invited person': [NEW_PASSWORDS.invitation],
  };
}

async function logoUpload({ kit, shop: { owner, projectId } }: SecretWorld): Promise<MadeSecrets> {
  const link = async () => {
    const input = { projectId };
    const { projectLogoUploadCreate } = await owner.send(operations.ProjectLogoUploadCreateDocument, {
      input,
    });
    return new URL(accepted(projectLogoUploadCreate, 'ProjectLogoUploadCreatePayload').uploadUrl);
  };
  const used = await link();
  const body = new Uint8Array(await png());
  const sent = await fetch(kit.platform.url + used.pathname + used.search, { method: 'PUT', body });
  if (sent.status !== 201) throw new Error(`the logo was refused with ${sent.status}`);
  const tokens = [used, await link()].map((url) => url.searchParams.get('token') ?? '');
  // What stands before the last dot is no secret: ids and a time.
  return { 'link to upload a logo': tokens.flatMap((token) => [token, token.split('.').at(-1) ?? '']) };
}

/** One that was rotated and one that signs, after both have signed something. */
async function webhookSecrets({ kit, shop: { owner, projectId } }: SecretWorld): Promise<MadeSecrets> {
  const receiver = await startReceiver();
  const endpoint = await create(owner, { projectId, mode: 'TEST', url: receiver.url });
  const { secret } = await rotate(owner, endpoint.id, 0, 72);
  accepted(await tryTest(owner, endpoint.id), 'WebhookEndpointTestPayload');
  await receiver.has(1);
  await everythingTold(kit.database.pool);
  await receiver.stop();
  const bytes = (text: string) => Buffer.from(text.slice('whsec_'.length), 'base64');
  return {
    'signing secret of a webhook': [secret, bytes(secret)],
    'signing secret on its way out': [endpoint.secret, bytes(endpoint.secret)],
  };
}

async function operator(world: SecretWorld): Promise<MadeSecrets> {
  const { kit, clock } = world;
  const admin = await openOperator(kit.platform, kit.database, 'ADMIN', { at: clock.now() });
  const create = async (email: string) => {
    const input = { email, role: 'SUPPORT' } as const;
    accepted((await admin.api.send(operations.OperatorCreateDocument, { input })).operatorCreate, 'Operator');
    return mailed(world, email, RESET_LINK);
  };
  const [token = ''] = await create('support@gateway.example');
  const { passwordReset: set } = await kit.platform.api.send(operations.PasswordResetDocument, {
    input: { token, password: NEW_PASSWORDS.operator },
  });
  accepted(set, 'PasswordResetPayload');
  return {
    'set-up link of an operator': [token, ...(await create('night@gateway.example'))],
    'password of an operator': [NEW_PASSWORDS.operator],
    'session token of an operator': [admin.token],
  };
}

/** The person's session may do what asks for a proof. */
export const prove = ({ kit, clock, shop }: SecretWorld) =>
  stepUp(kit.database.pool, shop.sessionToken, clock.now());
