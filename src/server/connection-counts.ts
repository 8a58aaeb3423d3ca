import type { Actor } from '../domain/access/actor.ts';
import { networkOf } from '../domain/access/ip-address.ts';

/** How many sockets and event streams may be open at once in this process; 0 for no limit. */
export interface ConnectionLimits {
  readonly perAddress: number;
  readonly perAccount: number;
}

/** Ends what was counted. Once: a second call does nothing. */
export type Release = () => void;

/** The open sockets and event streams of this process, by whom they are (QUALITY, security 17). */
export interface ConnectionCounts {
  /** Counts one more of an address, an IPv6 address with its /64; null when that would be too many. */
  openFrom(ip: string): Release | null;
  /** Counts one more of a person or secret key; null when that would be too many. */
  openFor(actor: Actor): Release | null;
}

export function createConnectionCounts({ perAddress, perAccount }: ConnectionLimits): ConnectionCounts {
  const byAddress = createCounts(perAddress);
  const byAccount = createCounts(perAccount);
  return {
    openFrom: (ip) => byAddress(networkOf(ip)),
    openFor(actor) {
      const account = accountOf(actor);
      return account === null ? () => undefined : byAccount(account);
    },
  };
}

/** Null for those whom only their address limits: a publishable key is every customer's of the shop. */
function accountOf(actor: Actor): string | null {
  if (actor.type === 'SYSTEM' || actor.type === 'ANONYMOUS') return null;
  if (actor.type === 'API_KEY') return actor.kind === 'SECRET' ? actor.apiKeyId : null;
  return actor.userId;
}

function createCounts(limit: number): (owner: string) => Release | null {
  const open = new Map<string, number>();
  return (owner) => {
    const count = open.get(owner) ?? 0;
    if (limit > 0 && count >= limit) return null;
    open.set(owner, count + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = (open.get(owner) ?? 1) - 1;
      if (left > 0) open.set(owner, left);
      else open.delete(owner);
    };
  };
}
