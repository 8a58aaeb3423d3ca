import type { BroadcastAnswer } from '../../../../usecases/ports/chain-spender.ts';
import type { Answer } from '../core-rpc.ts';

/** RPC_VERIFY_ALREADY_IN_CHAIN and RPC_DESERIALIZATION_ERROR (Bitcoin Core, rpc/protocol.h). */
const ALREADY_IN_CHAIN = -27;
const UNREADABLE = -22;

/** Already in the pool: older nodes refuse it, newer ones give its id. */
const KNOWN = /^txn-already-(in-mempool|known)/;

/**
 * Reasons that lie in the transaction itself (consensus/tx_check.cpp, policy/policy.cpp). Missing inputs, conflicts, a
 * fee that is too low for now and a full pool pass, or `look` decides on them.
 */
const NEVER =
  /^(dust|scriptpubkey|version|tx-size|scriptsig|bad-witness|(non-)?mandatory-script-verify-flag|bad-txns-(in-belowout|vin-empty|vout|txouttotal|inputs-duplicate|oversize|prevout-null|fee-outofrange))/;

/** What a node's answer to `sendrawtransaction` means. */
export function broadcastAnswer(answer: Answer | undefined): BroadcastAnswer {
  if (!answer) return 'unknown';
  if ('result' in answer) return 'taken';
  const { code } = answer.refusal;
  // Old nodes put a number before the reason.
  const reason = answer.refusal.message.replace(/^\d+: /, '');
  if (code === ALREADY_IN_CHAIN || KNOWN.test(reason)) return 'taken';
  return code === UNREADABLE || NEVER.test(reason) ? 'refused' : 'unknown';
}

/** One node that has it is enough; all must refuse. */
export function broadcastAnswers(answers: readonly BroadcastAnswer[], nodes: number): BroadcastAnswer {
  if (answers.includes('taken')) return 'taken';
  return answers.length === nodes && answers.every((answer) => answer === 'refused') ? 'refused' : 'unknown';
}
