import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAfter, type EventPosition } from '../domain/event/event.ts';
import type { RequestFacts } from '../graphql/core/context.ts';
import { toldPosition } from '../graphql/event/told-position.ts';
import { sharingOf, type Sharing } from './subscription-keys.ts';

type Subscribed = AsyncIterable<ExecutionResult> | ExecutionResult;
type Subscribe = (args: ExecutionArgs) => Promise<Subscribed> | Subscribed;
/** Takes one result as JSON text, ready to be put into a frame. Resolves when the client can take more. */
export type Deliver = (payload: string) => Promise<void>;

export interface SharedSubscriptions {
  /**
   * Runs a subscription. Equal ones (document, variables, actor) are executed once: the results go to `deliver` as
   * shared text, and what is returned only ends or fails. One that resumes from a cursor runs alone until it has told
   * what the others have. One that cannot be shared is run as it is.
   */
  run(args: ExecutionArgs, subscribe: Subscribe, deliver: Deliver): Promise<Subscribed>;
}

/** One running execution, or the reason why there is none. */
type Source = AsyncIterator<ExecutionResult> | ExecutionResult;

interface Member {
  readonly deliver: Deliver;
  readonly refuseConnection: () => void;
  readonly ended: PromiseWithResolvers<IteratorReturnResult<undefined>>;
  /** Whether the group tells it what happens; not while it catches up by an execution of its own. */
  live: boolean;
  /** What it was told by that one; null for one that never had any. */
  toldTo: EventPosition | null;
}

interface Group {
  readonly members: Set<Member>;
  readonly source: Promise<Source>;
  /** Its place in the order of events is noted with it. */
  readonly context: object;
  readonly tellsState: boolean;
  /** How far the members were told; null before the first result. */
  toldTo: EventPosition | null;
  /** Of a group that tells how something stands the last result, which a new member is told at once. */
  last: string | null;
}

/** Executes equal subscriptions once in this process (DESIGN §6). Actors never share with one another. */
export function createSharedSubscriptions(): SharedSubscriptions {
  const groups = new Map<string, Group>();

  const groupOf = ({ key, tellsState }: Sharing, args: ExecutionArgs, subscribe: Subscribe): Group => {
    const running = groups.get(key);
    if (running) return running;
    const context = { ...(args.contextValue as RequestFacts) };
    const source = iterated(subscribe({ ...args, contextValue: context }));
    const group: Group = { members: new Set(), source, context, tellsState, toldTo: null, last: null };
    groups.set(key, group);
    void pump(group, () => groups.get(key) === group && groups.delete(key));
    return group;
  };
  const leave = async (key: string, group: Group, member: Member): Promise<void> => {
    if (!group.members.delete(member) || group.members.size > 0) return;
    if (groups.get(key) === group) groups.delete(key);
    const source = await group.source;
    if (isIterator(source)) await source.return?.();
  };

  return {
    async run(args, subscribe, deliver) {
      const sharing = sharingOf(args);
      if (sharing === null) return subscribe(args);
      const { key, resumesBy } = sharing;
      const member = newMember(args, deliver, resumesBy === null);
      if (resumesBy === null) {
        const group = groupOf(sharing, args, subscribe);
        group.members.add(member);
        if (group.last !== null) void deliver(group.last);
        const source = await group.source;
        if (!isIterator(source)) return source;
        return membership(member, () => leave(key, group, member));
      }
      const own = await iterated(subscribe(args));
      if (!isIterator(own)) return own;
      const group = groupOf(sharing, withoutVariable(args, resumesBy), subscribe);
      group.members.add(member);
      void catchUp(member, group, own, args.contextValue as object).then((isOver) =>
        isOver ? leave(key, group, member) : undefined,
      );
      return membership(member, async () => {
        await own.return?.();
        await leave(key, group, member);
      });
    },
  };
}

const newMember = ({ contextValue }: ExecutionArgs, deliver: Deliver, live: boolean): Member => ({
  deliver,
  refuseConnection: (contextValue as RequestFacts).refuseConnection,
  ended: Promise.withResolvers(),
  live,
  toldTo: null,
});

const withoutVariable = (args: ExecutionArgs, name: string): ExecutionArgs => {
  const { [name]: _cursor, ...variableValues } = args.variableValues ?? {};
  return { ...args, variableValues };
};

/** Reads the one execution and hands its results to all members, until it ends. */
async function pump(group: Group, forget: () => void): Promise<void> {
  try {
    const source = await group.source;
    if (!isIterator(source)) return;
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const payload = JSON.stringify(next.value);
      group.toldTo = toldPosition(group.context);
      if (group.tellsState) group.last = payload;
      for (const member of group.members) {
        if (!member.live) member.live = hasCaughtUp(member, group);
        if (member.live && isNews(member, group)) void member.deliver(payload);
      }
    }
    for (const member of liveMembers(group)) member.ended.resolve(END);
  } catch (error) {
    for (const member of liveMembers(group)) fail(member, error);
  } finally {
    forget();
    group.members.clear();
  }
}

/**
 * Tells one member what it missed, by an execution of its own, until the group can go on from there. Gives whether it
 * is over instead.
 */
async function catchUp(
  member: Member,
  group: Group,
  own: AsyncIterator<ExecutionResult>,
  context: object,
): Promise<boolean> {
  try {
    for (let next = await own.next(); !member.live; next = await own.next()) {
      if (next.done) {
        member.ended.resolve(END);
        return true;
      }
      member.toldTo = toldPosition(context);
      await member.deliver(JSON.stringify(next.value));
      if (group.members.has(member)) member.live ||= hasCaughtUp(member, group);
      if (member.live) break;
    }
    await own.return?.();
  } catch (error) {
    if (!member.live) fail(member, error);
  }
  return !member.live;
}

/** Whether it was told everything that the group has told: what the group tells next is what it misses next. */
const hasCaughtUp = ({ toldTo }: Member, group: Group): boolean =>
  toldTo !== null && group.toldTo !== null && !isAfter(group.toldTo, toldTo);

const isNews = ({ toldTo }: Member, group: Group): boolean =>
  toldTo === null || group.toldTo === null || isAfter(group.toldTo, toldTo);

const liveMembers = ({ members }: Group): Member[] => [...members].filter(({ live }) => live);

function fail(member: Member, error: unknown): void {
  // The members are one session or key: what one of them lost, all have lost.
  if (isForbidden(error)) member.refuseConnection();
  member.ended.reject(error);
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What the protocol gets instead of the results: something that is over when they are. */
function membership(member: Member, leave: () => Promise<void>): AsyncIterableIterator<ExecutionResult> {
  // Its failure is told through next(), which nobody may be waiting for at the moment.
  member.ended.promise.catch(() => undefined);
  return {
    next: () => member.ended.promise,
    async return() {
      await leave();
      member.ended.resolve(END);
      return END;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function iterated(subscribed: Promise<Subscribed> | Subscribed): Promise<Source> {
  const source = await subscribed;
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source;
}

const isIterator = (source: Source): source is AsyncIterator<ExecutionResult> => 'next' in source;

const isForbidden = (error: unknown): boolean =>
  error instanceof GraphQLError && error.extensions['code'] === 'FORBIDDEN';
