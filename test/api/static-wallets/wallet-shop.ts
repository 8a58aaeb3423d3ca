import { HDKey } from '@scure/bip32';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { make } from '../api-key/key-shop.ts';

/** A gateway that gives out addresses of these networks; nothing watches them. */
const xpub = HDKey.fromMasterSeed(new Uint8Array(32).fill(7)).derive("m/44'/60'/0'").publicExtendedKey;
export const ADDRESSES_ONLY = {
  ROLES: 'api,worker',
  NETWORKS: JSON.stringify([{ network: 'ETHEREUM', rpcUrl: 'http://127.0.0.1:9', xpub }]),
};

const SCOPES = [
  'STATIC_WALLET_READ',
  'STATIC_WALLET_WRITE',
  'PAYMENT_RESOLVE',
  'BALANCE_READ',
  'PROJECT_READ',
] as const;

/** The API with a key of the merchant's that may do everything with static wallets. */
export async function walletKey(
  { api }: { readonly api: ApiClient },
  { owner, projectId }: DemoMerchant,
  mode: 'TEST' | 'LIVE' = 'TEST',
): Promise<ApiClient> {
  const { secret } = await make(owner, { projectId, mode, scopes: SCOPES });
  return api.as(secret);
}

type WalletInput = operations.StaticWalletCreateMutationVariables['input'];

/** What a shop does with static wallets over the API, in steps that tests share. The answers may be refusals. */
export const tryWallet = async (api: ApiClient, input: Partial<WalletInput> = {}) =>
  (
    await api.send(operations.StaticWalletCreateDocument, {
      input: { network: 'ETHEREUM', customerRef: 'customer-1', ...input },
    })
  ).staticWalletCreate;

export const createWallet = async (api: ApiClient, input: Partial<WalletInput> = {}) =>
  accepted(await tryWallet(api, input), 'StaticWallet');

export const block = async (api: ApiClient, staticWalletId: string) =>
  (await api.send(operations.StaticWalletBlockDocument, { input: { staticWalletId } })).staticWalletBlock;

export const activate = async (api: ApiClient, staticWalletId: string) =>
  (await api.send(operations.StaticWalletActivateDocument, { input: { staticWalletId } }))
    .staticWalletActivate;

type DepositInput = operations.TestDepositSimulateMutationVariables['input'];

export const tryDeposit = async (api: ApiClient, staticWalletId: string, input: Partial<DepositInput> = {}) =>
  (
    await api.send(operations.TestDepositSimulateDocument, {
      input: { staticWalletId, asset: 'USDT', amount: '10', ...input },
    })
  ).testDepositSimulate;

export const deposit = async (api: ApiClient, staticWalletId: string, input: Partial<DepositInput> = {}) =>
  accepted(await tryDeposit(api, staticWalletId, input), 'Payment');

export const resolve = async (api: ApiClient, paymentId: string, resolution: 'CREDIT' | 'REBOUND') =>
  (await api.send(operations.DepositResolveDocument, { input: { paymentId, resolution } })).paymentResolve;

export const preview = async (api: ApiClient, paymentId: string, resolution: 'CREDIT' | 'REBOUND') =>
  (await api.send(operations.DepositResolutionPreviewDocument, { paymentId, resolution }))
    .paymentResolutionPreview;

/** The wallet's deposits, newest first. */
export async function depositsOf(api: ApiClient, id: string) {
  const { staticWallet } = await api.send(operations.StaticWalletDepositsDocument, { id, first: 100 });
  return staticWallet?.deposits.edges.map((edge) => edge.node) ?? [];
}
