import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';

type Request = Partial<operations.PayoutRequestInput>;

/** A key of the shop's project that may ask for payouts. */
export async function payoutKey(
  { platform }: { readonly platform: { readonly api: ApiClient } },
  { owner, projectId }: DemoMerchant,
): Promise<{ readonly api: ApiClient; readonly secret: string }> {
  const made = await owner.send(operations.ApiKeyCreateDocument, {
    input: {
      projectId,
      mode: 'TEST',
      kind: 'SECRET',
      name: 'Payouts',
      scopes: ['PAYOUT_READ', 'PAYOUT_WRITE'],
    },
  });
  const { secret } = accepted(made.apiKeyCreate, 'ApiKeyCreatePayload');
  return { secret, api: platform.api.as(secret) };
}

export const PAYOUT_ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';

/** Asks for a payout of USDT on Ethereum. */
export const requestPayout = async (api: ApiClient, request: Request = {}) => {
  const input = {
    currency: 'USDT',
    network: 'ETHEREUM',
    address: PAYOUT_ADDRESS,
    amount: '10',
    ...request,
  } as const;
  return accepted((await api.send(operations.ToldPayoutCreateDocument, { input })).payoutCreate, 'Payout');
};
