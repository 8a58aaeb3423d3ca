import { createDeliveryStore } from '../../adapters/db/delivery-store.ts';
import { DELIVERY_TASKS, WEBHOOK_REPLAY_TASK } from '../../adapters/db/delivery-jobs.ts';
import { createEventCursorStore } from '../../adapters/db/event-cursor-store.ts';
import { createExpiredRows } from '../../adapters/db/expired-rows.ts';
import { createInvoiceDayStore } from '../../adapters/db/invoice-day-store.ts';
import { createEventRelayStore } from '../../adapters/db/event-relay-store.ts';
import { defineJob } from '../../adapters/jobs/job.ts';
import { createUnusedQueues } from '../../adapters/jobs/unused-queues.ts';
import { startJobRunner } from '../../adapters/jobs/job-runner.ts';
import { createEtaMessages } from '../../adapters/messages/eta-messages.ts';
import { chatButtons } from '../../bots/chat-buttons.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed, EventLog, EventSignal } from '../../usecases/ports/event-log.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Secrets } from '../../usecases/ports/secrets.ts';
import { deliverySend } from '../../usecases/notification/delivery-send.ts';
import { createEventRelay } from '../../workers/event-relay/event-relay.ts';
import { createExpiredRowsRemoval } from '../../workers/expired-rows.ts';
import { createInvoiceDays } from '../../workers/invoice-days.ts';
import { createInvoiceExpiry } from '../../workers/invoice-expiry.ts';
import { createRefundCourse } from '../../workers/refund-course.ts';
import { z } from 'zod';
import type { Shutdown } from '../shutdown.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import { startAutoWithdrawals } from './auto-withdrawals.ts';
import { composeChannels } from './channels.ts';
import { measuredChannels } from './measured-channels.ts';
import type { Database } from './database.ts';
import { tellOfOtherNetworks } from './other-networks.ts';
import { startLoop } from './start-loop.ts';
import type { ComposedUseCases } from './use-cases.ts';

export interface BackgroundDeps {
  readonly config: Config;
  readonly database: Database;
  readonly useCases: ComposedUseCases;
  readonly log: EventLog;
  readonly signals: EventSignal;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly leader: LeaderLock;
  readonly secrets: Secrets;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DeliveryMetrics;
  readonly shutdown: Shutdown;
}

export interface RunningWorker {
  /** False when the jobs have ended by themselves, which is a fault. */
  running(): boolean;
}

const sendingJob = (name: string, send: (deliveryId: string, stopping: AbortSignal) => Promise<void>) =>
  defineJob({
    name,
    schema: z.object({ deliveryId: z.uuid() }),
    run: ({ deliveryId }, { signal }) => send(deliveryId, signal),
  });

const PLACE = z.object({ txid: z.coerce.bigint(), seq: z.coerce.bigint() });
const REPLAY = z.object({
  replayId: z.uuid(),
  endpointId: z.uuid(),
  since: z.coerce.date(),
  from: PLACE,
  to: PLACE,
});

const MINUTE_MS = 60_000;

/** Role `worker`: the durable path of the bus, the jobs and the schedules. */
export async function startWorker(deps: BackgroundDeps): Promise<RunningWorker> {
  const { config, database, useCases, log, signals, leader, clock, ids, logger, shutdown } = deps;
  const send = deliverySend({
    deliveries: createDeliveryStore(database.pool),
    messages: createEtaMessages(),
    ...measuredChannels(composeChannels(config, shutdown), deps.metrics),
    chatButtons,
    chatBlocked: useCases.bots.telegramChatBlocked,
    secrets: deps.secrets,
    ids,
    feed: deps.feed,
    clock,
    logger,
    publicUrl: config.http.publicUrl,
  });
  const { webhookSend, webhookReplayPage } = useCases;
  const runner = await startJobRunner({
    connectionString: database.url,
    lanes: [
      { concurrency: 8, jobs: [sendingJob(DELIVERY_TASKS.MAIL, send)] },
      { concurrency: 8, jobs: [sendingJob(DELIVERY_TASKS.CHAT, send)] },
      {
        // Those that wait for slow servers hold no connection to the database meanwhile.
        concurrency: 64,
        connections: 6,
        jobs: [
          sendingJob(DELIVERY_TASKS.WEBHOOK, webhookSend),
          defineJob({ name: WEBHOOK_REPLAY_TASK, schema: REPLAY, run: webhookReplayPage }),
        ],
      },
    ],
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
  const refunds = createRefundCourse({
    ...useCases.refundSteps,
    log,
    cursor: createEventCursorStore(database.pool, 'refund-course'),
    leader,
    logger,
  });
  startLoop(shutdown, 'refunds and rebounds', (signal) => refunds.run(signal));
  // As with the watchers, what speaks with chains is loaded where it is needed.
  if (config.networks.length > 0) (await import('./payout-senders.ts')).startPayoutSenders(deps);
  tellOfOtherNetworks(deps);
  startAutoWithdrawals(deps);
  const removals = [
    { name: 'expired-rows', rows: createExpiredRows(database.pool), everyMilliseconds: 10 * MINUTE_MS },
    { name: 'unused-queues', rows: createUnusedQueues(database.pool), everyMilliseconds: MINUTE_MS },
  ];
  for (const each of removals) {
    const removal = createExpiredRowsRemoval({ ...each, clock, leader, logger });
    startLoop(shutdown, `removal of ${each.name}`, (signal) => removal.run(signal));
  }
  if (config.networks.length > 0) (await import('./custody.ts')).startCustodyCheck(deps);
  return { running: () => runner.running() };
}
