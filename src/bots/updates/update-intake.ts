import { BotError, type Bot } from 'grammy';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { BotKind, TelegramStore } from '../../usecases/ports/telegram-store.ts';
import type { BotContext } from '../bot-context.ts';

export type Update = Parameters<Bot['handleUpdate']>[0];

export interface IntakeDeps {
  readonly kind: BotKind;
  readonly bot: Bot<BotContext>;
  readonly telegram: Pick<TelegramStore, 'claimUpdate'>;
  readonly clock: Clock;
}

/**
 * Handles each update once, however often and to however many processes it comes: whoever writes its row first handles
 * it. The claim comes before the handling, so that an update whose process dies meanwhile is lost: its person sees no
 * answer and asks again, while a command that is carried out twice would not be seen (docs/decisions/0039-telegram.md).
 */
export interface UpdateIntake {
  /** Claims the update, which is handled after the earlier ones of its chat. Rejects when it could not be claimed. */
  accept(update: Update): Promise<void>;
  /** Whether so many wait that no more should be accepted. */
  isFull(): boolean;
  /** When nothing waits any more. */
  idle(): Promise<void>;
}

/** Chats at a time in one process. */
const CONCURRENCY = 16;
const MOST_WAITING = 1_000;
/** Whoever writes faster than this is not answered: the others wait as well. */
const MOST_OF_CHAT = 20;

interface ChatQueue {
  tail: Promise<void>;
  waiting: number;
}

export function createUpdateIntake({ kind, bot, telegram, clock }: IntakeDeps): UpdateIntake {
  const chats = new Map<number, ChatQueue>();
  const slots = createSlots(CONCURRENCY);
  let waiting = 0;

  const handleInTurn = async (update: Update, before: Promise<void>, claimed: Promise<boolean>) => {
    await before;
    if (await claimed.catch(() => false)) await slots.use(() => handle(bot, update));
  };

  const enqueue = (update: Update, claimed: Promise<boolean>): void => {
    const chat = chatOf(update);
    const queue = chats.get(chat) ?? { tail: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= MOST_OF_CHAT) return;
    chats.set(chat, queue);
    queue.waiting += 1;
    waiting += 1;
    queue.tail = handleInTurn(update, queue.tail, claimed).finally(() => {
      waiting -= 1;
      queue.waiting -= 1;
      if (queue.waiting === 0) chats.delete(chat);
    });
  };

  return {
    async accept(update) {
      const claimed = telegram.claimUpdate(kind, update.update_id, clock.now());
      // It has its place before the claim is answered: the order is that of arrival.
      enqueue(update, claimed);
      await claimed;
    },
    isFull: () => waiting >= MOST_WAITING,
    idle: async () => void (await Promise.all([...chats.values()].map(({ tail }) => tail))),
  };
}

/** Whatever fails is told to the bot's error handler and not repeated: it must not stop the updates behind it. */
async function handle(bot: Bot<BotContext>, update: Update): Promise<void> {
  try {
    await bot.handleUpdate(update);
  } catch (error) {
    if (error instanceof BotError) await bot.errorHandler(error);
    else throw error;
  }
}

/** A private chat has the number of its person. */
const chatOf = ({ message, callback_query, my_chat_member, update_id }: Update): number =>
  message?.chat.id ?? callback_query?.from.id ?? my_chat_member?.chat.id ?? update_id;

/** Lets so many work at a time; the others wait in their order. */
function createSlots(count: number): { use(work: () => Promise<void>): Promise<void> } {
  let free = count;
  const queue: (() => void)[] = [];
  return {
    async use(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
