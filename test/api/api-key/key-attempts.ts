import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { attempt, type Attempt } from '../../testkit/outcome.ts';

/** An address for payouts of the merchant, listed for the test. */
export async function listedAddress({ owner, merchantId }: DemoMerchant): Promise<string> {
  const address = `0x${'5'.repeat(40)}`;
  const input = { merchantId, network: 'ETHEREUM', address, label: 'safe' } as const;
  const { withdrawalAddressAdd } = await owner.send(operations.WithdrawalAddressAddDocument, { input });
  return accepted(withdrawalAddressAdd, 'WithdrawalAddress').id;
}

interface Things {
  readonly merchantId: string;
  readonly apiKeyId: string;
  readonly withdrawalAddressId: string;
}

/** Every mutation that names a key, or what payouts go by. */
export const keyAttempts = (things: Things): Readonly<Record<string, Attempt>> => ({
  apiKeyUpdate: attempt(operations.ApiKeyUpdateDocument, {
    input: { apiKeyId: things.apiKeyId, name: 'mine' },
  }),
  apiKeyRotate: attempt(operations.ApiKeyRotateDocument, {
    input: { apiKeyId: things.apiKeyId, overlapHours: 0 },
  }),
  apiKeyRevoke: attempt(operations.ApiKeyRevokeDocument, { input: { apiKeyId: things.apiKeyId } }),
  withdrawalAddressAdd: attempt(operations.WithdrawalAddressAddDocument, {
    input: {
      merchantId: things.merchantId,
      network: 'ETHEREUM',
      address: `0x${'6'.repeat(40)}`,
      label: 'mine',
    },
  }),
  withdrawalAddressRemove: attempt(operations.WithdrawalAddressRemoveDocument, {
    input: { withdrawalAddressId: things.withdrawalAddressId },
  }),
  withdrawalWhitelistUpdate: attempt(operations.WithdrawalWhitelistUpdateDocument, {
    input: { merchantId: things.merchantId, enabled: false },
  }),
});
