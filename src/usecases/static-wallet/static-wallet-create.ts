import { eventActor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { testAddress } from '../../domain/chain/test-address.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import { staticWalletEvent } from '../../domain/static-wallet/static-wallet.ts';
import { isPlainLine, isPlainText } from '../../domain/text/plain-text.ts';
import { projectPlace } from '../actor-place.ts';
import type { Clock } from '../ports/clock.ts';
import type { DepositAddresses } from '../ports/deposit-addresses.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { NewStaticWallet, StaticWalletStore } from '../ports/static-wallet-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface StaticWalletCreateInput {
  /** Needed from a signed-in person; an API key knows its project. */
  readonly projectId?: string | null | undefined;
  readonly mode?: Mode | null | undefined;
  readonly network: string;
  /** The shop's own reference of its customer. */
  readonly customerRef: string;
  readonly label?: string | null | undefined;
}

/**
 * Gives a customer of a shop an address of the own on a network (FEATURES D11). Asked again for the same customer and
 * network it gives the same wallet, its label unchanged. A project that is archived or, in LIVE mode, not ACTIVE gets
 * none, not even the one it had; what is sent to its addresses is taken in all the same.
 */
export type StaticWalletCreate = (
  actor: Actor,
  input: StaticWalletCreateInput,
) => Promise<Result<{ staticWalletId: string }>>;

export interface StaticWalletCreateDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly staticWallets: Pick<StaticWalletStore, 'byReference' | 'create'>;
  readonly addresses: Pick<DepositAddresses, 'refill'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const staticWalletCreate =
  (deps: StaticWalletCreateDeps): StaticWalletCreate =>
  async (actor, input) => {
    for (;;) {
      const place = await projectPlace(deps.projects, actor, 'static_wallet:write', input);
      if (!place.ok) return place;
      const problem = checkInput(input);
      if (problem) return problem;
      const { project, mode } = place.value;
      const barrier = newBarrier(project, mode);
      if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier);
      const { network, customerRef } = input;
      const own = await deps.staticWallets.byReference({ projectId: project.id, mode, network, customerRef });
      if (own) return done({ staticWalletId: own.id });
      const id = deps.ids.next();
      const wallet: NewStaticWallet = {
        id,
        merchantId: project.merchantId,
        projectId: project.id,
        mode,
        network,
        customerRef,
        label: input.label ?? null,
        address: mode === 'TEST' ? testAddress(network, id) : null,
        createdAt: deps.clock.now(),
      };
      const outcome = await write(deps, actor, wallet);
      if (outcome === 'created') {
        deps.feed.poke();
        return done({ staticWalletId: id });
      }
      if (outcome === 'no_address' && !(await deps.addresses.refill(network))) {
        return refuse('ASSET_NOT_AVAILABLE', `${network} is not available here.`, 'network');
      }
      // An address is there now, somebody else was first, or the project changed: look again.
    }
  };

const write = ({ staticWallets, ids }: StaticWalletCreateDeps, actor: Actor, wallet: NewStaticWallet) =>
  staticWallets.create(
    wallet,
    stampEvent(staticWalletEvent('static_wallet.created', { ...wallet, status: 'ACTIVE' }), {
      id: ids.next(),
      actor: eventActor(actor),
      at: wallet.createdAt,
    }),
  );

const MAX_REFERENCE = 128;
const MAX_LABEL = 100;

function checkInput({ customerRef, label }: StaticWalletCreateInput): Result<never> | null {
  if (customerRef.length < 1 || customerRef.length > MAX_REFERENCE) {
    return refuse('INVALID_INPUT', `This has 1 to ${MAX_REFERENCE} characters.`, 'customerRef');
  }
  if (!isPlainText(customerRef)) {
    return refuse('INVALID_INPUT', 'This holds control characters.', 'customerRef');
  }
  if (label === null || label === undefined) return null;
  if (label.length < 1 || label.length > MAX_LABEL || !isPlainLine(label)) {
    return refuse('INVALID_INPUT', `A label is one line of 1 to ${MAX_LABEL} characters.`, 'label');
  }
  return null;
}
