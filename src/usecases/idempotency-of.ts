import { eventActor, type Actor } from '../domain/access/actor.ts';
import type { Idempotency } from './ports/invoice-store.ts';
import type { Secrets } from './ports/secrets.ts';

/** A request that a key makes repeatable: the mutation, and what it was asked without the key. */
export interface KeyedRequest {
  readonly idempotencyKey: string | null | undefined;
  readonly operation: string;
  readonly request: object;
}

/** What is kept of a key (RULES 7); null for a request without one. */
export function idempotencyOf(
  actor: Actor,
  { idempotencyKey, operation, request }: KeyedRequest,
  secrets: Pick<Secrets, 'hash'>,
): Idempotency | null {
  // A key's successor sends again what the key may have sent.
  const first = actor.type === 'API_KEY' ? actor.firstKeyId : null;
  const ownerId = first ?? eventActor(actor).id;
  if (!idempotencyKey || ownerId === null) return null;
  // Sorted, and without what is absent: neither order nor an explicit null makes another request.
  const given = Object.entries(request)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'object' ? Object.entries(value ?? {}).toSorted(byName) : value,
    ])
    .toSorted(byName);
  return {
    ownerId,
    operation,
    key: idempotencyKey,
    inputHash: secrets.hash(JSON.stringify(given)),
  };
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
