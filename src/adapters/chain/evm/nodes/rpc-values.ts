import { checksumAddress } from '../checksum-address.ts';
import { EndpointFault } from './endpoint-fault.ts';

/** What a node sends, read with suspicion. Every function throws EndpointFault GARBAGE. */
export type RpcObject = Readonly<Record<string, unknown>>;

const garbage = (what: string): EndpointFault =>
  new EndpointFault('GARBAGE', `the node sent no ${what} where one belongs`);

export function objectOf(value: unknown, what: string): RpcObject {
  if (!isObject(value)) throw garbage(what);
  return value;
}

const isObject = (value: unknown): value is RpcObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw garbage(what);
  return value;
}

/** A whole number in hexadecimal digits. */
export function quantityOf(value: unknown, what: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(value)) throw garbage(what);
  return BigInt(value);
}

/** 32 bytes, in small letters. */
export function hashOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{64}$/i.test(value)) throw garbage(what);
  return value.toLowerCase();
}

/** EIP-55. */
export function addressOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{40}$/i.test(value)) throw garbage(what);
  return checksumAddress(value);
}

/** Seconds since 1970. */
export function timeOf(value: unknown, what: string): Date {
  const time = new Date(Number(quantityOf(value, what)) * 1_000);
  if (Number.isNaN(time.getTime())) throw garbage(what);
  return time;
}
