import { startChild, type Child } from './child-process.ts';
import type { OpenSockets } from '../children/socket-clients.ts';

/** When each socket got each event, on the clock that all processes share. */
export type Arrivals = ReadonlyMap<number, readonly number[]>;

/** A thousand sockets of one server. */
export interface SocketGroup {
  /** Sends probes until each socket has got one: GraphQL over WebSocket does not acknowledge a subscription. */
  probe(send: () => Promise<void>): Promise<void>;
  /** The text of a message that arrived. */
  sample(): Promise<string>;
  /** Waits until each socket has all events up to the number. Throws on a loss, a double or a wrong order. */
  arrivals(upTo: number): Promise<Arrivals>;
}

export interface Subscribers {
  open(options: OpenSockets): Promise<SocketGroup>;
  stop(): Promise<void>;
}

const PROCESSES = 2;
const PROBE_PAUSE_MS = 250;
const MAX_PROBES = 120;

/** Clients in processes of their own, so that they do not wait for one another nor for the bench. */
export async function startSubscribers(): Promise<Subscribers> {
  const file = new URL('../children/socket-clients.ts', import.meta.url);
  const children: Child[] = [];
  const stop = async () => void (await Promise.all(children.map((child) => child.stop())));
  for (let n = 0; n < PROCESSES; n++) children.push(await startChild(file, { place: 'load' }));
  return {
    stop,
    async open(options) {
      const each = { ...options, count: options.count / PROCESSES };
      await Promise.all(children.map((child) => child.call('open', each)));
      return groupIn(children, options.group);
    },
  };
}

function groupIn(children: readonly Child[], group: string): SocketGroup {
  return {
    async probe(send) {
      for (let probes = 0; probes < MAX_PROBES; probes++) {
        await send();
        await new Promise((resolve) => setTimeout(resolve, PROBE_PAUSE_MS));
        const open = await Promise.all(children.map((child) => child.call<number>('unprobed', group)));
        if (open.every((count) => count === 0)) return;
      }
      throw new Error(`not every socket of ${group} got a probe`);
    },
    sample: async () => (await children[0]?.call<string>('sample', group)) ?? '',
    async arrivals(upTo) {
      const parts = await Promise.all(
        children.map((child) => child.call<[number, number[]][]>('arrivals', { group, upTo })),
      );
      const all = new Map<number, number[]>();
      for (const [n, times] of parts.flat()) all.set(n, [...(all.get(n) ?? []), ...times]);
      return all;
    },
  };
}
