import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../usecases/ports/logger.ts';
import { openListening } from './listening.ts';

const CHANNEL = 'paybell_event';
/** At most 200 a second: each one takes a server-wide lock and a transaction number. */
const NOTIFY_GAP_MILLISECONDS = 5;

export interface NotifyChannelOptions {
  readonly connectionString: string;
  readonly logger: Logger;
  /** Another process has committed events, or may have while nobody listened. */
  readonly onNotice: () => void;
}

export interface NotifyChannel {
  /** Tells the other processes, soon and together with what else is announced meanwhile. Never throws. */
  announce(): void;
  close(): Promise<void>;
}

/**
 * LISTEN and NOTIFY between the processes on one PostgreSQL. It only makes readers look sooner: whatever it loses, they
 * find when they poll.
 */
export function openNotifyChannel({
  connectionString,
  logger,
  onNotice,
}: NotifyChannelOptions): NotifyChannel {
  let announced = false;
  let sending = false;

  const listening = openListening({
    connectionString,
    channel: CHANNEL,
    application: 'paybell-bus',
    subject: 'events',
    logger,
    onOpen: () => {
      onNotice();
      sendSoon();
    },
    onNotice: ({ isOwn }) => {
      // This process has looked by itself when it announced.
      if (!isOwn) onNotice();
    },
  });
  const due = () => (announced ? listening.client() : undefined);
  const send = async (): Promise<void> => {
    sending = true;
    for (let current = due(); current !== undefined; current = due()) {
      announced = false;
      // A notice that is lost with the connection is given again by the next one.
      await current.query(`NOTIFY ${CHANNEL}`).catch(() => (announced = true));
      await delay(NOTIFY_GAP_MILLISECONDS);
    }
    sending = false;
  };
  const sendSoon = (): void => {
    if (!sending) void send();
  };

  return {
    announce: () => {
      announced = true;
      sendSoon();
    },
    close: () => listening.close(),
  };
}
