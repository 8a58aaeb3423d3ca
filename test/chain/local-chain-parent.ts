import { startLocalChain } from '../../src/demo/local-chain/local-chain.ts';

/** A process that starts a chain, says where, and is killed by the test. */
const { rpcUrl } = await startLocalChain();
process.stdout.write(`${rpcUrl}\n`);
