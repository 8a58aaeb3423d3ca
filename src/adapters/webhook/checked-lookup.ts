import type { LookupAddress, LookupOptions } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isPublicAddress } from '../../domain/webhook/public-address.ts';

/** Every address of a name, IPv4 and IPv6. Throws when there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** The gateway does not speak to this address. It is not named: a name inside its network may be a secret. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';

  constructor() {
    super('the name leads to a private or reserved address');
  }
}

/** Connecting tries one after the other; all were checked. */
const MAX_TRIED_ADDRESSES = 6;

/**
 * How a connection finds its addresses: the name is resolved once, every address is checked, and the connection goes to
 * one of those that were checked (FEATURES W6). One bad address among good ones refuses the name. For connections that
 * ask for all addresses (`autoSelectFamily`).
 */
export function checkedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  const checked = async (name: string, _options: LookupOptions): Promise<LookupAddress[]> => {
    const addresses = await resolve(name);
    // Node would throw where nobody can catch it.
    if (addresses.length === 0) throw new Error('the name has no address');
    if (!allowPrivate && !addresses.every(isPublicAddress)) throw new AddressRefusedError();
    return addresses.slice(0, MAX_TRIED_ADDRESSES).map((address) => ({ address, family: isIP(address) }));
  };
  return callbackify(checked);
}

const DNS_TIMEOUT_MS = 2_000;
const DNS_TRIES = 2;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Asks the name servers, those of the machine unless told otherwise. Not by getaddrinfo, which runs on the few threads that the whole process has
 * for hashing and files: four names whose servers are silent would hold up everything.
 */
export function createResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    // RFC 6761, 6.3: no name server is asked.
    if (name === 'localhost') return LOOPBACK;
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw new Error(`the name cannot be looked up (${codeOf(answers)})`);
    return addresses;
  };
}

function codeOf(answers: readonly PromiseSettledResult<unknown>[]): string {
  const codes = answers.map((answer) => (answer.status === 'rejected' ? String(answer.reason?.code) : ''));
  return codes.find((code) => code !== '' && code !== 'ENODATA') ?? 'ENODATA';
}
