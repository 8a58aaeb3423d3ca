import { createDeliveryStore } from '../../adapters/db/delivery-store.ts';
import { DELIVERY_TASK } from '../../adapters/db/delivery-jobs.ts';
import { createExpiredRows } from '../../adapters/db/expired-rows.ts';
import { createInvoiceDayStore } from '../../adapters/db/invoice-day-store.ts';
import { createEventRelayStore } from '../../adapters/db/event-relay-store.ts';
import { defineJob } from '../../adapters/jobs/job.ts';
import { startJobRunner } from '../../adapters/jobs/job-runner.ts';
import { createEtaMessages } from '../../adapters/messages/eta-messages.ts';
import { createInfoBot } from '../../bots/info-bot/info-bot.ts';
import { createMerchantBot } from '../../bots/merchant-bot/merchant-bot.ts';
import { pollUpdates } from '../../bots/polling.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventLog, EventSignal } from '../../usecases/ports/event-log.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Secrets } from '../../usecases/ports/secrets.ts';
import { deliverySend } from '../../usecases/notification/delivery-send.ts';
import { createEventRelay } from '../../workers/event-relay/event-relay.ts';
import { createExpiredRowsRemoval } from '../../workers/expired-rows.ts';
import { createInvoiceDays } from '../../workers/invoice-days.ts';
import { createInvoiceExpiry } from '../../workers/invoice-expiry.ts';
import { z } from 'zod';
import type { Shutdown } from '../shutdown.ts';
import { composeChannels } from './channels.ts';
import type { Database } from './database.ts';
import type { ComposedUseCases } from './use-cases.ts';

export interface BackgroundDeps {
  readonly config: Config;
  readonly database: Database;
  readonly useCases: ComposedUseCases;
  readonly log: EventLog;
  readonly signals: EventSignal;
  readonly leader: LeaderLock;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
}

export interface RunningWorker {
  /** False when the jobs have ended by themselves, which is a fault. */
  running(): boolean;
}

/** Jobs at a time in one process. */
const JOB_CONCURRENCY = 8;

/** Starts the loop; it ends with the shutdown. */
function startLoop(shutdown: Shutdown, name: string, run: (signal: AbortSignal) => Promise<void>): void {
  const ending = new AbortController();
  const running = run(ending.signal);
  shutdown.add(name, async () => {
    ending.abort();
    await running;
  });
}

/** Role `worker`: the durable path of the bus, the jobs and the schedules. */
export async function startWorker(deps: BackgroundDeps): Promise<RunningWorker> {
  const { config, database, useCases, log, signals, leader, clock, ids, logger, shutdown } = deps;
  const send = deliverySend({
    deliveries: createDeliveryStore(database.pool),
    messages: createEtaMessages(),
    ...composeChannels(config, shutdown),
    secrets: deps.secrets,
    clock,
    logger,
    publicUrl: config.http.publicUrl,
  });
  const runner = await startJobRunner({
    connectionString: database.url,
    jobs: [
      defineJob({
        name: DELIVERY_TASK,
        schema: z.object({ deliveryId: z.uuid() }),
        run: ({ deliveryId }) => send(deliveryId),
      }),
    ],
    concurrency: JOB_CONCURRENCY,
    logger,
  });
  shutdown.add('jobs', () => runner.stop());
  const store = createEventRelayStore(database.pool);
  const relay = createEventRelay({ log, store, clock, ids, logger, leaderLock: leader, signals });
  startLoop(shutdown, 'event relay', (signal) => relay.run(signal));
  const expiry = createInvoiceExpiry({ invoicesExpire: useCases.invoicesExpire, leader, logger });
  startLoop(shutdown, 'invoice expiry', (signal) => expiry.run(signal));
  const days = createInvoiceDays({ log, store: createInvoiceDayStore(database.pool), leader, logger });
  startLoop(shutdown, 'statistics of invoices', (signal) => days.run(signal));
  const removal = createExpiredRowsRemoval({ rows: createExpiredRows(database.pool), clock, leader, logger });
  startLoop(shutdown, 'removal of expired rows', (signal) => removal.run(signal));
  return { running: () => runner.running() };
}

/** Role `bots`: what people write to the bots. */
export function startBots({ config, useCases, leader, logger, shutdown }: BackgroundDeps): void {
  const { apiRoot, infoBot, merchantBot } = config.telegram;
  const { telegram, telegramLinkConnect } = useCases;
  const shared = { apiRoot, logger, telegramLinkConnect };
  const bots = [
    ...(infoBot ? [{ kind: 'INFO', bot: createInfoBot({ ...shared, token: infoBot.token }) } as const] : []),
    ...(merchantBot
      ? [{ kind: 'MERCHANT', bot: createMerchantBot({ ...shared, token: merchantBot.token }) } as const]
      : []),
  ];
  for (const { kind, bot } of bots) {
    startLoop(shutdown, `${kind} bot`, (signal) =>
      pollUpdates({ kind, bot, telegram, lock: leader, logger }, signal),
    );
  }
}
