import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { connectWebSocket } from '../../testkit/live-clients.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { PASSWORD, type SecretWorld } from './every-secret.ts';

/** Sends a secret of somebody else where a request can carry one; gives what was answered. */
type Canary = (canary: string, world: SecretWorld) => Promise<unknown>;

const anybody =
  <Variables>(document: TypedDocumentNode<unknown, Variables>, variables: (canary: string) => Variables) =>
  (canary: string, { kit }: SecretWorld) =>
    answer(kit.platform.api, document, variables(canary));

const member =
  <Variables>(document: TypedDocumentNode<unknown, Variables>, variables: (canary: string) => Variables) =>
  (canary: string, { shop }: SecretWorld) =>
    answer(shop.owner, document, variables(canary));

/** A refusal, or the codes of top-level errors. */
const answer = <Variables>(
  api: ApiClient,
  document: TypedDocumentNode<unknown, Variables>,
  variables: Variables,
) => api.send(document, variables).catch((error: unknown) => errorCodes(Promise.reject(error as Error)));

const INPUTS: Readonly<Record<string, Canary>> = {
  'password of a sign-up that is refused': anybody(operations.UserSignUpDocument, (password) => ({
    input: { email: 'no address', password, merchantName: 'Shop' },
  })),
  'confirmation link': anybody(operations.EmailConfirmDocument, (token) => ({
    input: { token, password: 'some password' },
  })),
  'password of a confirmation': anybody(operations.EmailConfirmDocument, (password) => ({
    input: { token: 'none', password },
  })),
  'password-reset link': anybody(operations.PasswordResetDocument, (token) => ({
    input: { token, password: 'some password' },
  })),
  'password of a reset': anybody(operations.PasswordResetDocument, (password) => ({
    input: { token: 'none', password },
  })),
  'invitation link': anybody(operations.InvitationSignUpDocument, (token) => ({
    input: { token, password: 'some password' },
  })),
  'password of an invited person': anybody(operations.InvitationSignUpDocument, (password) => ({
    input: { token: 'none', password },
  })),
  'invitation link of somebody signed in': member(operations.InvitationAcceptDocument, (token) => ({
    input: { token },
  })),
  'password to have an authenticator taken off': anybody(
    operations.TwoFactorResetRequestDocument,
    (password) => ({ input: { email: 'authenticator@shop.example', password } }),
  ),
  'link to have an authenticator taken off': anybody(operations.TwoFactorResetFileDocument, (token) => ({
    input: { token, reason: 'My phone fell into the sea.' },
  })),
  'password to sign in': anybody(operations.SessionCreateDocument, (password) => ({
    input: { email: 'ada@shop.example', password },
  })),
  'code to sign in': anybody(operations.SessionCreateDocument, (totpCode) => ({
    input: { email: 'authenticator@shop.example', password: PASSWORD, totpCode },
  })),
  'recovery code to sign in': anybody(operations.SessionCreateDocument, (recoveryCode) => ({
    input: { email: 'authenticator@shop.example', password: PASSWORD, recoveryCode },
  })),
  'password to step up': member(operations.SessionStepUpDocument, (password) => ({ input: { password } })),
  'code to step up': member(operations.SessionStepUpDocument, (totpCode) => ({ input: { totpCode } })),
  'recovery code to step up': member(operations.SessionStepUpDocument, (recoveryCode) => ({
    input: { recoveryCode },
  })),
  'password of now': member(operations.PasswordChangeDocument, (currentPassword) => ({
    input: { currentPassword, newPassword: 'some other password' },
  })),
  'password to come': member(operations.PasswordChangeDocument, (newPassword) => ({
    input: { currentPassword: 'wrong', newPassword },
  })),
  'code for an address': member(operations.EmailChangeConfirmDocument, (code) => ({ input: { code } })),
  'code for a phone': member(operations.PhoneChangeConfirmDocument, (code) => ({ input: { code } })),
  'code to set an authenticator up': member(operations.TwoFactorEnrollDocument, (code) => ({
    input: { code },
  })),
  'first code of an authenticator': member(operations.TwoFactorEnableDocument, (totpCode) => ({
    input: { totpCode },
  })),
  'code to take an authenticator off': member(operations.TwoFactorDisableDocument, (totpCode) => ({
    input: { totpCode },
  })),
  'recovery code to take one off': member(operations.TwoFactorDisableDocument, (recoveryCode) => ({
    input: { recoveryCode },
  })),
  'PIN to be set': member(operations.PinSetDocument, (pin) => ({ input: { pin } })),
  'PIN to unlock': member(operations.SessionUnlockDocument, (pin) => ({ input: { pin } })),
};

const CREDENTIALS: Readonly<Record<string, Canary>> = {
  'session token': (token, { kit }) =>
    errorCodes(kit.platform.api.as(`pbss_${token}`).send(operations.ViewerDocument, {})),
  'API key': (key, { kit }) =>
    errorCodes(kit.platform.api.as(`pbsk_live_${key}`).send(operations.ViewerDocument, {})),
  'Basic user': (key, world) =>
    post(world, '{}', { authorization: `Basic ${Buffer.from(`pbsk_live_${key}:`).toString('base64')}` }),
  cookie: (token, world) =>
    post(world, '{}', { cookie: `paybell_session=pbss_${token}`, 'x-paybell-csrf': '1' }),
  'unknown header': (key, world) => post(world, '{}', { 'x-api-key': key }),
  'connection of a socket': async (token, { kit }) => {
    const socket = connectWebSocket(kit.platform.url, `pbss_${token}`);
    await socket
      .iterate(operations.EventsDocument, {})
      .next()
      .catch(() => undefined);
    socket.dispose();
  },
};

const PAGES = ['/confirm', '/password-reset', '/invitation', '/two-factor-reset', '/unsubscribe'] as const;

const ADDRESSES: Readonly<Record<string, Canary>> = {
  'address of the API': (token, world) => get(world, `/graphql?access_token=${token}&query={viewer{id}}`),
  'unknown path': (token, world) => get(world, `/reset/${token}`),
  'link to upload a logo': (token, world) => put(world, `/uploads/logo?token=${token}`, 'a picture'),
  'picture that is none': (file, world) => put(world, '/uploads/logo?token=none', file),
  'cookie of the page of an invitation': (token, { kit }) =>
    text(
      fetch(`${kit.platform.url}/invitation?token=${'x'.repeat(43)}`, {
        headers: { cookie: `paybell_session=pbss_${token}` },
      }),
    ),
  ...Object.fromEntries(
    PAGES.flatMap((path): [string, Canary][] => [
      [`token of ${path}`, (token, world) => get(world, `${path}?token=${token}`)],
      [`token sent to ${path}`, (token, world) => submit(world, path, { token, password: 'some password' })],
      [`password sent to ${path}`, (password, world) => submit(world, path, { token: TOKEN, password })],
    ]),
  ),
};
const TOKEN = 'no-token-of-anybody-but-of-the-right-form-0';

const DOCUMENTS: Readonly<Record<string, Canary>> = {
  'body that is no JSON': (token, world) => post(world, `{"query": "${token}`),
  'query that does not parse': (token, world) =>
    post(world, JSON.stringify({ query: `mutation { "${token}" ` })),
  'query that is not valid': (token, world) =>
    post(
      world,
      JSON.stringify({ query: `mutation { emailConfirm(input: { tokn: "${token}" }) { confirmed } }` }),
    ),
  'variable of a wrong type': (token, world) =>
    post(
      world,
      JSON.stringify({
        query: 'mutation ($input: EmailConfirmInput!) { emailConfirm(input: $input) { __typename } }',
        variables: { input: { token: { nested: token } } },
      }),
    ),
  'password of a sign-up that ends in a fault': (password, world) => inFault(password, world),
};

/** Wherever a request can carry a secret: all are refused, and none may be repeated in the log. */
export const CANARIES: Readonly<Record<string, Canary>> = {
  ...INPUTS,
  ...CREDENTIALS,
  ...ADDRESSES,
  ...DOCUMENTS,
};

const text = (response: Promise<Response>) => response.then((answered) => answered.text());
const get = ({ kit }: SecretWorld, path: string) => text(fetch(kit.platform.url + path));
const put = ({ kit }: SecretWorld, path: string, body: string) =>
  text(fetch(kit.platform.url + path, { method: 'PUT', body }));
const submit = ({ kit }: SecretWorld, path: string, form: Record<string, string>) =>
  text(fetch(kit.platform.url + path, { method: 'POST', body: new URLSearchParams(form) }));
const post = ({ kit }: SecretWorld, body: string, headers: Record<string, string> = {}) =>
  text(
    fetch(`${kit.platform.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    }),
  );

/** The database refuses the row, and says in its error what stood in it. */
async function inFault(password: string, { kit }: SecretWorld): Promise<void> {
  const { pool } = kit.database;
  await pool.query(`ALTER TABLE "user" ADD CONSTRAINT planted CHECK (email <> 'fault@shop.example')`);
  const input = { email: 'fault@shop.example', password, merchantName: 'Shop' };
  expect(await errorCodes(kit.platform.api.send(operations.UserSignUpDocument, { input }))).toEqual([
    'INTERNAL_SERVER_ERROR',
  ]);
  await pool.query('ALTER TABLE "user" DROP CONSTRAINT planted');
}
