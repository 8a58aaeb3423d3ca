import { modeFor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { may, type Place } from '../../domain/access/rights.ts';
import { forbidden } from '../core/errors.ts';

/** Whose balances, and where the right to see them is asked for: by a key in the project that it belongs to. */
export interface BalancePlace extends Place {
  readonly mode: Mode;
}

/** Throws FORBIDDEN where the caller may not see them. */
export function balancePlace(
  actor: Actor,
  args: { readonly merchantId?: { id: string } | null | undefined; readonly mode?: Mode | null | undefined },
): BalancePlace {
  const key = actor.type === 'API_KEY' ? actor : null;
  const merchantId = args.merchantId?.id ?? key?.merchantId;
  const place = {
    merchantId: merchantId ?? '',
    mode: modeFor(actor, args.mode),
    ...(key ? { projectId: key.projectId } : {}),
  };
  if (!merchantId || !may(actor, 'balance:read', place)) throw forbidden('There is no such merchant here.');
  return place;
}
