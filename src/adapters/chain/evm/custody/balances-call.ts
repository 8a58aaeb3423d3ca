import type { Hex } from 'viem';
import { concatHex, getAddress, numberToHex, size } from 'viem/utils';
import { quantityOf } from '../nodes/rpc-values.ts';
import { EndpointFault } from '../nodes/endpoint-fault.ts';

const WORD = 32;
/** EIP-20: the first four bytes of keccak256('balanceOf(address)'). */
const BALANCE_OF = '0x70a08231';

/**
 * Code that deploys nothing and gives the balances of these accounts, a word each: run by eth_call without a receiver,
 * which any node does for a block it knows, one call for many accounts. 70 bytes an account and token: some hundreds stay
 * below the 49,152 bytes that EIP-3860 allows.
 *
 * @param contract the token's; null for the network's own coin
 */
export function balancesCode(accounts: readonly string[], contract: string | null): Hex {
  const results = accounts.length * WORD;
  if (contract === null) {
    // PUSH20 account BALANCE PUSH2 place MSTORE
    const each = accounts.map((account, index) =>
      concatHex(['0x73', address(account), '0x31', push(index * WORD), '0x52']),
    );
    return concatHex([...each, giveBack(results)]);
  }
  // Behind the results: the selector, and the account as its word.
  const call = push(results);
  const argument = push(results + 4);
  // PUSH4 selector PUSH1 224 SHL PUSH2 call MSTORE
  const head = concatHex(['0x63', BALANCE_OF, '0x60e01b', call, '0x52']);
  const failure = (at: number): Hex => push(at);
  const each = (account: string, index: number, fail: Hex): Hex =>
    concatHex([
      // PUSH20 account PUSH2 argument MSTORE
      '0x73',
      address(account),
      argument,
      '0x52',
      // STATICCALL(GAS, contract, call, 36, place, 32)
      '0x6020',
      push(index * WORD),
      '0x6024',
      call,
      '0x73',
      address(contract),
      '0x5afa',
      // AND(success, RETURNDATASIZE > 31), otherwise the code fails
      '0x601f3d1116',
      '0x15',
      fail,
      '0x57',
    ]);
  const body = (fail: Hex): Hex =>
    concatHex([head, ...accounts.map((account, index) => each(account, index, fail)), giveBack(results)]);
  const end = size(body(failure(0)));
  // JUMPDEST INVALID
  return concatHex([body(failure(end)), '0x5bfe']);
}

/** What the code gives, in the order of the accounts. Throws EndpointFault for anything else. */
export function balancesOf(answer: unknown, accounts: number): readonly bigint[] {
  if (
    typeof answer !== 'string' ||
    !/^0x[0-9a-f]*$/i.test(answer) ||
    answer.length !== 2 + 2 * WORD * accounts
  )
    throw new EndpointFault('GARBAGE', 'the node sent no balances');
  return Array.from({ length: accounts }, (_, index) =>
    quantityOf(`0x${answer.slice(2 + 2 * WORD * index, 2 + 2 * WORD * (index + 1))}`, 'balance'),
  );
}

/** PUSH2. */
const push = (value: number): Hex => concatHex(['0x61', numberToHex(value, { size: 2 })]);
const giveBack = (length: number): Hex => concatHex([push(length), '0x6000f3']);
const address = (text: string): Hex => getAddress(text);
