import * as operations from '../generated/documents.ts';
import { accepted, type ApiClient } from './api-client.ts';
import { INFO_BOT_TOKEN, MERCHANT_BOT_TOKEN, type Platform } from './platform.ts';

/** A merchant with one project, as a shop's developer sets it up. */
export interface DemoMerchant {
  readonly email: string;
  /** The owner's session. */
  readonly owner: ApiClient;
  readonly sessionToken: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly testKey: string;
  readonly liveKey: string;
  /** The API with the secret TEST key. */
  readonly test: ApiClient;
  /** The API with the secret LIVE key. */
  readonly live: ApiClient;
}

type Reachable = Pick<Platform, 'api' | 'mail'>;

const PASSWORD = 'correct horse battery staple';

/** Signs up, confirms by the link in the caught mail, signs in, and makes a project with keys: all over the API. */
export async function openMerchant(
  platform: Reachable,
  email: string,
  name = 'Corner Shop',
): Promise<DemoMerchant> {
  const { api } = platform;
  const signUp = await api.send(operations.UserSignUpDocument, {
    input: { email, password: PASSWORD, merchantName: name, locale: 'en' },
  });
  accepted(signUp.userSignUp, 'UserSignUpPayload');
  const token = await confirmationToken(platform, email);
  accepted(
    (await api.send(operations.EmailConfirmDocument, { input: { token, password: PASSWORD } })).emailConfirm,
    'EmailConfirmPayload',
  );
  const sessionToken = await stepUp(api.as(await signIn(platform, email)));
  const owner = api.as(sessionToken);
  const { viewer } = await owner.send(operations.ViewerDocument, {});
  const merchantId = viewer.memberships[0]?.merchant.id ?? '';
  const project = accepted(
    (await owner.send(operations.ProjectCreateDocument, { input: { merchantId, name: `${name} online` } }))
      .projectCreate,
    'Project',
  );
  const testKey = await createKey(owner, project.id, 'TEST');
  const liveKey = await createKey(owner, project.id, 'LIVE');
  return {
    email,
    owner,
    sessionToken,
    merchantId,
    projectId: project.id,
    testKey,
    liveKey,
    test: api.as(testKey),
    live: api.as(liveKey),
  };
}

/** Signs a merchant of the demo in; gives the session's token. */
export async function signIn({ api }: Pick<Platform, 'api'>, email: string): Promise<string> {
  const signedIn = await api.send(operations.SessionCreateDocument, { input: { email, password: PASSWORD } });
  return accepted(signedIn.sessionCreate, 'SessionCreatePayload').token;
}

/** Proves that the person is there, as a live key asks for; gives the session's new token. */
async function stepUp(person: ApiClient): Promise<string> {
  const proven = await person.send(operations.SessionStepUpDocument, { input: { password: PASSWORD } });
  return accepted(proven.sessionStepUp, 'SessionStepUpPayload').token;
}

/** The token in the newest confirmation mail to the address; waits for the mail. */
export async function confirmationToken({ mail }: Pick<Platform, 'mail'>, email: string): Promise<string> {
  const caught = await mail.waitForMail(
    (m) => m.recipients.includes(email) && tokenIn(m.parsed.text) !== null,
  );
  return tokenIn(caught.parsed.text) ?? '';
}

const tokenIn = (text: string | undefined): string | null =>
  /\/confirm\?token=([\w-]+)/.exec(text ?? '')?.[1] ?? null;

/** Everything that a key can do; balances are the merchant's as a whole and must be asked for. */
export const KEY_SCOPES = [
  'MERCHANT_READ',
  'PROJECT_READ',
  'INVOICE_READ',
  'INVOICE_WRITE',
  'INVOICE_PAY',
  'PAYMENT_RESOLVE',
  'STATIC_WALLET_READ',
  'STATIC_WALLET_WRITE',
  'BALANCE_READ',
  'EVENT_READ',
] as const;

export async function createKey(
  owner: ApiClient,
  projectId: string,
  mode: 'TEST' | 'LIVE',
  scopes: operations.ApiKeyCreateInput['scopes'] = KEY_SCOPES,
): Promise<string> {
  const input = { projectId, mode, kind: 'SECRET', name: `${mode} server`, scopes } as const;
  const created = await owner.send(operations.ApiKeyCreateDocument, { input });
  return accepted(created.apiKeyCreate, 'ApiKeyCreatePayload').secret;
}

/** Connects a chat of the double to both bots, as a person who opens the links and presses Start. */
export async function connectBots(
  { bots }: Pick<Platform, 'bots'>,
  { owner, merchantId }: DemoMerchant,
  chatId: number,
): Promise<void> {
  const links = [
    { token: INFO_BOT_TOKEN, input: { bot: 'INFO' } },
    { token: MERCHANT_BOT_TOKEN, input: { bot: 'MERCHANT', merchantId } },
  ] as const;
  for (const { token, input } of links) {
    const created = await owner.send(operations.TelegramLinkCreateDocument, { input });
    const link = accepted(created.telegramLinkCreate, 'TelegramLinkCreatePayload');
    bots.userSends(token, chatId, `/start ${link.token}`);
    await bots.waitForMessage(
      (m) => m.token === token && m.chatId === String(chatId) && /connected/i.test(m.text),
    );
  }
}
