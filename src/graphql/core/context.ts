import type {
  Actor,
  ApiKeyActor,
  Client,
  LockedActor,
  OperatorActor,
  PersonActor,
  UserActor,
} from '../../domain/access/actor.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed } from '../../usecases/ports/event-log.ts';
import type { NotificationFeed } from '../../usecases/ports/notification-feed.ts';
import type { DeliveryReads } from '../../usecases/ports/delivery-reads.ts';
import type { InvoiceReads } from '../../usecases/ports/invoice-reads.ts';
import type { PaymentReads } from '../../usecases/ports/payment-reads.ts';
import type { PayoutConsents } from '../../usecases/ports/payout-consents.ts';
import type { StatementReads } from '../../usecases/ports/statement-reads.ts';
import type { StatisticsReads } from '../../usecases/ports/statistics-reads.ts';
import type { TurnedAway } from '../../usecases/session/recognise-api-key.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { StatusView } from '../network/network-status.types.ts';
import type { SharedPoll } from '../event/shared-poll.ts';
import type { UseCases } from './use-cases.ts';

/** What the transport found out about a request, before anything else is known. */
export interface RequestFacts {
  readonly actor: Actor;
  /** Told to the caller with every masked error, and in each log line. */
  readonly requestId: string;
  readonly client: Client;
  readonly userAgent: string;
  /** The log with the request id bound to it. */
  readonly log: Logger;
  /**
   * The caller with the rights of this moment; null when the session or key would open nothing now. Asked before each
   * live event.
   */
  currentActor(): Promise<Actor | null>;
  /** Ends the caller's connection because its rights are gone: 4403 on a socket, nothing over HTTP. */
  refuseConnection(): void;
  /** The caller says that a person stands behind this query (RULES 13). Over HTTP only; mutations need not say so. */
  readonly declaredActivity?: boolean;
  /** Aborts when the caller's rights are gone: its event streams end. Where the connection itself is closed, none. */
  readonly revoked?: AbortSignal;
  /** Sets the session cookie, or clears it with null. Over HTTP only. */
  readonly setSessionCookie?: (token: string | null) => void;
}

/** What every resolver gets. */
export interface GraphQLContext extends RequestFacts {
  /** For reads only; writes go through the use cases. */
  readonly prisma: PrismaClient;
  /** The reads that are asked most, as prepared statements. */
  readonly reads: {
    readonly invoices: InvoiceReads;
    readonly payments: PaymentReads;
    readonly payoutConsents: PayoutConsents;
    readonly statement: StatementReads;
    readonly statistics: StatisticsReads;
    readonly deliveries: DeliveryReads;
  };
  readonly usecases: UseCases;
  readonly feed: EventFeed;
  readonly notificationFeed: NotificationFeed;
  readonly clock: Clock;
  /** Where the gateway is reached, without a slash at its end. */
  readonly publicUrl: string;
  /** Codes of the networks that this gateway is configured for. */
  readonly networks: readonly string[];
  /** How the networks stand, for all that follow it. */
  readonly networkStatuses: SharedPoll<readonly StatusView[]>;
}

/** The context behind the scope `user`: somebody who works for merchants. */
export type UserContext = GraphQLContext & { readonly actor: UserActor };
/** The context behind the scope `person`: anybody signed in, an operator too. */
export type PersonContext = GraphQLContext & { readonly actor: PersonActor };
/** The context behind the scope `session`: anybody signed in, also while the session waits for its PIN. */
export type SessionContext = GraphQLContext & { readonly actor: PersonActor | LockedActor };
/** The context behind the scope `operator`. */
export type OperatorContext = GraphQLContext & { readonly actor: OperatorActor };
/** The context behind the scope `apiKey`. */
export type ApiKeyContext = GraphQLContext & { readonly actor: ApiKeyActor };

/** What a caller showed to prove who it is. At most one is set; none means an anonymous caller. */
export interface Credentials {
  /** A session token or an API key, from `Authorization: Bearer` or the user name of `Authorization: Basic`. */
  readonly bearer?: string;
  /** The session token of the cookie, only when the request also carried the CSRF header. */
  readonly cookie?: string;
}

/** Finds the actor of the credentials: ANONYMOUS without any, 'invalid' when they name nobody. */
export type Authenticate = (
  credentials: Credentials,
  client: Client,
) => Promise<Actor | 'invalid' | TurnedAway>;
