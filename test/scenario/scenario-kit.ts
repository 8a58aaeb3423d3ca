import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { startPlatform, type Platform } from '../../src/demo/platform.ts';
import { accepted } from '../../src/demo/api-client.ts';
import * as operations from '../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { eventTypes } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { openShop } from '../testkit/open-shop.ts';
import { balancesOf, createInvoice, createQuote } from '../testkit/shop.ts';

/** Blocks until a payment counts in the scenarios. */
export const CONFIRMATIONS = 3;
const POLL_MS = 100;
/** A watcher asks ten times a second; two busy cores make that long. */
const PATIENCE = { timeout: 20_000, interval: 50 };

/** A real network that scenarios run on. */
export interface ScenarioNetwork {
  /** Its entry in NETWORKS, without what all scenarios share. */
  readonly settings: Readonly<Record<string, unknown>> & { readonly network: string };
  /** What the gateway signs with; nothing without it. */
  readonly mnemonic?: string;
  /** Another one beside it, with what the gateway signs with there. */
  readonly beside?: {
    readonly settings: ScenarioNetwork['settings'];
    readonly mnemonic: string;
  };
  stop(): Promise<void>;
}

/** One asset on the network. Amounts are decimals in whole units. */
export interface Way {
  readonly asset: operations.AssetCode;
  readonly network: operations.NetworkCode;
  /** Digits of the asset, to write amounts as the API does. */
  readonly digits: number;
  /** Whether a transaction is seen before it stands in a block. */
  readonly pooled: boolean;
  /** Gives the transaction id. On a network without a pool it stands in a new block at once. */
  send(address: string, amount: string): Promise<string>;
  mine(blocks: number): Promise<void>;
}

/** What happens to an invoice before anything is paid. */
export const OPENED = ['invoice.created', 'invoice.quoted'];

/** A gateway that watches the network, for the tests of one file. */
export function useScenarios(start: () => Promise<ScenarioNetwork>) {
  const clock = createMovableClock();
  const running: { network?: ScenarioNetwork; database?: TestDatabase; platform?: Platform } = {};
  let shops = 0;

  beforeAll(async () => {
    running.network = await start();
    running.database = await createTestDatabase();
    const { settings, mnemonic, beside } = running.network;
    const all = [settings, ...(beside ? [beside.settings] : [])];
    const seeds = [{ settings, mnemonic }, ...(beside ? [beside] : [])].flatMap((each) =>
      each.mnemonic === undefined ? [] : [{ network: each.settings.network, mnemonic: each.mnemonic }],
    );
    running.platform = await startPlatform({
      env: {
        NODE_ENV: 'test',
        DATABASE_URL: running.database.url,
        LOG_LEVEL: 'silent',
        NETWORKS: JSON.stringify(
          all.map((each) => ({ ...each, confirmations: CONFIRMATIONS, pollIntervalMs: POLL_MS })),
        ),
      },
      seeds,
      overrides: { clock },
    });
    await waitUntilRead();
  });
  afterAll(async () => {
    await running.platform?.stop();
    await running.network?.stop();
    await running.database?.drop();
  });

  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the gateway is there only inside tests');
    return part;
  };
  const pool = () => started(running.database).pool;

  /** Waits until the network was read to its head, and its memory pool with it, after this call. */
  async function waitUntilRead(): Promise<void> {
    const { network } = started(running.network).settings;
    const isRead = async () =>
      (
        await pool().query<{ read: boolean }>(
          'SELECT updated_at > $2 AS read FROM chain_cursor WHERE network = $1',
          [network, asked],
        )
      ).rows[0]?.read ?? false;
    const asked = clock.now();
    await vi.waitUntil(isRead, PATIENCE);
  }

  return {
    clock,
    waitUntilRead,
    /** Waits until the transaction was seen. */
    sees: (txId: string) =>
      vi.waitUntil(
        async () => (await pool().query('SELECT FROM payment WHERE tx_id = $1', [txId])).rows.length > 0,
        PATIENCE,
      ),
    get kit() {
      return { platform: started(running.platform), database: started(running.database) };
    },

    /** A merchant of the test's own, so that balances are exact. */
    openShop: (): Promise<DemoMerchant> =>
      openShop(
        { platform: started(running.platform), database: started(running.database) },
        `shop${(shops += 1)}@scenario.example`,
        clock.now(),
      ),

    /** A LIVE invoice priced in the asset itself, with a quote of it. */
    async invoice(
      shop: DemoMerchant,
      way: Way,
      amount: string,
      input: Partial<operations.InvoiceCreateInput> = {},
    ) {
      const { asset, network } = way;
      const { id } = await createInvoice(shop.live, { ...input, amount, currency: asset });
      const { address } = await createQuote(shop.live, id, { asset, network });
      return { id, address };
    },

    /** A LIVE static wallet of a new customer. */
    async wallet(shop: DemoMerchant, { network }: Way) {
      const customerRef = `customer-${crypto.randomUUID()}`;
      const { staticWalletCreate } = await shop.live.send(operations.StaticWalletCreateDocument, {
        input: { network, customerRef },
      });
      const { id, address } = accepted(staticWalletCreate, 'StaticWallet');
      return { id, address };
    },

    async blockWallet(shop: DemoMerchant, staticWalletId: string): Promise<void> {
      const blocked = await shop.live.send(operations.StaticWalletBlockDocument, {
        input: { staticWalletId },
      });
      accepted(blocked.staticWalletBlock, 'StaticWallet');
    },

    eventsOf: (id: string): Promise<string[]> => eventTypes(pool(), id),

    /** Waits until exactly this was told of a thing. */
    async told(id: string, types: readonly string[]): Promise<void> {
      await expect.poll(() => eventTypes(pool(), id), PATIENCE).toEqual(types);
    },

    /** The end of a scenario: after the network was read once more, state, events, balances and ledger are these. */
    async ends(
      shop: DemoMerchant,
      way: Way,
      id: string,
      end: {
        readonly events: readonly string[];
        /** Left out for what is no invoice. */
        readonly invoice?: object;
        readonly balance: readonly [pending: string, available: string, held: string];
      },
    ): Promise<void> {
      await this.told(id, end.events);
      await waitUntilRead();
      expect(await eventTypes(pool(), id)).toEqual(end.events);
      if (end.invoice) {
        const { invoice } = await shop.live.send(operations.InvoiceMoneyDocument, { id });
        expect(invoice).toMatchObject(end.invoice);
      }
      const [pending, available, held] = end.balance.map((amount) => padded(amount, way.digits));
      expect(await balancesOf(shop.live)).toEqual({ [way.asset]: [pending, available, held] });
      await expectLedgerInBalance(pool());
    },
  };
}

export type Scenarios = ReturnType<typeof useScenarios>;

/** The amount with all digits of its asset. */
function padded(amount: string, digits: number): string {
  const [whole = '', fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(digits, '0')}`;
}
