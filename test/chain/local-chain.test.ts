import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createPublicClient, http } from 'viem';
import { expect, it } from 'vitest';
import { createAddressDeriver } from '../../src/adapters/chain/derivation/address-deriver.ts';
import { startLocalChain } from '../../src/demo/local-chain/local-chain.ts';

const WAIT = { timeout: 15_000, interval: 20 };

const answers = (rpcUrl: string): Promise<boolean> =>
  createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }) })
    .getChainId()
    .then(
      () => true,
      () => false,
    );

it('makes blocks at an interval, gives receiving addresses, and is gone when stopped', async () => {
  const chain = await startLocalChain({ blockTimeSeconds: 1 });
  const client = createPublicClient({ transport: http(chain.rpcUrl), cacheTime: 0 });
  const before = await client.getBlockNumber();
  await expect.poll(async () => (await client.getBlockNumber()) > before, WAIT).toBe(true);
  const deriver = createAddressDeriver([{ network: 'ETHEREUM', xpub: chain.xpub }]);
  expect(deriver.derive('ETHEREUM', 0)).not.toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
  await chain.stop();
  await chain.stop();
  expect(await answers(chain.rpcUrl)).toBe(false);
});

it('goes back to a snapshot', async () => {
  const chain = await startLocalChain();
  const client = createPublicClient({ transport: http(chain.rpcUrl), cacheTime: 0 });
  const height = await client.getBlockNumber();
  const snapshot = await chain.snapshot();
  await chain.mine(5);
  await chain.revert(snapshot);
  expect(await client.getBlockNumber()).toBe(height);
  await chain.stop();
});

it('does not outlive the process that started it, however that ends', async () => {
  const script = path.join(import.meta.dirname, 'local-chain-parent.ts');
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [rpcUrl]: string[] = await once(createInterface({ input: parent.stdout }), 'line');
  if (rpcUrl === undefined) throw new Error('no address');
  expect(await answers(rpcUrl)).toBe(true);
  const ended = once(parent, 'exit');
  parent.kill('SIGKILL');
  await ended;
  await expect.poll(() => answers(rpcUrl), WAIT).toBe(false);
});
