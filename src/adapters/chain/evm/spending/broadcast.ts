import type { BroadcastAnswer } from '../../../../usecases/ports/chain-spender.ts';
import { EndpointFault } from '../nodes/endpoint-fault.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';

/** What geth, Erigon, Nethermind, Besu, Reth and anvil say of a transaction that they have. */
const HAVE_IT =
  /already (known|imported|exists|in the (mem|tx|transaction )?pool)|known transaction|alreadyknown/i;
/**
 * What they say of one that cannot be mined as the chain stands. A nonce that is too low is none of these: the transaction
 * itself may have used it.
 */
const NEVER =
  /insufficient funds|insufficient balance|intrinsic gas|exceeds block gas limit|invalid (sender|signature|chain)|chain id/i;

/** Gives a node a transaction. Throws EndpointFault for a node that did not say anything of it. */
export async function giveTo(rpc: JsonRpc, raw: string): Promise<BroadcastAnswer> {
  try {
    await rpc.call('eth_sendRawTransaction', [raw]);
    return 'taken';
  } catch (error) {
    if (!(error instanceof EndpointFault)) throw error;
    if (HAVE_IT.test(error.message)) return 'taken';
    if (error.kind !== 'REFUSED') throw error;
    return NEVER.test(error.message) ? 'refused' : 'unknown';
  }
}

/** What came of asking several nodes; `asked` of them are there. */
export function answerOf(answers: readonly BroadcastAnswer[], asked: number): BroadcastAnswer {
  if (answers.includes('taken')) return 'taken';
  return answers.length === asked && answers.every((answer) => answer === 'refused') ? 'refused' : 'unknown';
}
