import { once } from 'node:events';
import { WebSocket } from 'ws';
import { answerParent, sharedNow } from './answer-parent.ts';

/** Many subscribers in one process. Events are numbered; each socket must get each number once and in order. */

export interface OpenSockets {
  readonly group: string;
  readonly url: string;
  readonly count: number;
  /** Sent once the socket is open; the second line after the server's answer to the first. */
  readonly greeting: readonly string[];
}

interface Client {
  readonly socket: WebSocket;
  /** The number it got last; 0 until it got a probe. */
  last: number;
  probed: boolean;
}

interface Group {
  readonly clients: Client[];
  /** By event number, when each socket got it, on the shared clock. */
  readonly arrivals: Map<number, number[]>;
  /** What arrived last, for a look at the bytes. */
  sample: string;
  fault: string | null;
  changed: () => void;
}

const groups = new Map<string, Group>();
const NUMBER = Buffer.from('"n":"');
const DIGITS = 6;

function receive(group: Group, client: Client, data: Buffer): void {
  const place = data.indexOf(NUMBER);
  if (place < 0) {
    group.fault ??= `an unexpected message: ${data.toString('utf8', 0, 300)}`;
    return group.changed();
  }
  const n = Number(data.toString('latin1', place + NUMBER.length, place + NUMBER.length + DIGITS));
  if (n === 0) {
    client.probed = true;
    group.sample = data.toString('utf8');
    return group.changed();
  }
  if (n !== client.last + 1) group.fault ??= `event ${n} came after ${client.last}`;
  client.last = n;
  const times = group.arrivals.get(n) ?? [];
  times.push(sharedNow());
  group.arrivals.set(n, times);
  if (times.length === group.clients.length) group.changed();
}

async function open({ group: name, url, count, greeting }: OpenSockets): Promise<void> {
  const group: Group = {
    clients: [],
    arrivals: new Map(),
    sample: '',
    fault: null,
    changed: () => undefined,
  };
  groups.set(name, group);
  const address = url.replace('http:', 'ws:');
  for (let opened = 0; opened < count; opened++) {
    const socket = new WebSocket(address, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    await once(socket, 'open');
    const [init, subscribe] = greeting;
    if (init !== undefined) {
      socket.send(init);
      const [answer]: Buffer[] = (await once(socket, 'message')) as Buffer[];
      if (!answer?.includes('connection_ack')) throw new Error(`no acknowledgement: ${String(answer)}`);
    }
    if (subscribe !== undefined) socket.send(subscribe);
    const client: Client = { socket, last: 0, probed: false };
    socket.on('message', (data: Buffer) => receive(group, client, data));
    socket.on('close', (code) => {
      group.fault ??= `a socket was closed with ${code}`;
      group.changed();
    });
    group.clients.push(client);
  }
}

const PATIENCE_MS = 120_000;

/** Resolves when it holds; throws when the group has a fault before that, or something is missing for too long. */
const until = (group: Group, holds: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('events were lost')), PATIENCE_MS);
    group.changed = () => {
      if (group.fault === null && !holds()) return;
      clearTimeout(patience);
      if (group.fault === null) resolve();
      else reject(new Error(group.fault));
    };
    group.changed();
  });

function groupOf(name: string): Group {
  const group = groups.get(name);
  if (!group) throw new Error(`no group ${name}`);
  return group;
}

answerParent(
  {
    open,
    /** How many sockets have got no probe yet. */
    unprobed: (name: string) => groupOf(name).clients.filter(({ probed }) => !probed).length,
    sample: (name: string) => groupOf(name).sample,
    /** Waits until every socket has every event up to this number; gives the times by event and forgets them. */
    async arrivals({ group: name, upTo }: { group: string; upTo: number }) {
      const group = groupOf(name);
      await until(group, () => group.arrivals.get(upTo)?.length === group.clients.length);
      const arrivals = [...group.arrivals];
      group.arrivals.clear();
      return arrivals;
    },
  },
  async () => {
    for (const { clients } of groups.values()) for (const { socket } of clients) socket.terminate();
  },
);
