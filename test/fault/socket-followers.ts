import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { decodeEventCursor } from '../../src/domain/event/event-cursor.ts';
import { isAfter, type EventPosition } from '../../src/domain/event/event.ts';
import { answerParent } from '../bench/children/answer-parent.ts';
import { hashOf } from './id-hash.ts';

/** Many clients in one process that follow the events of a project each, and reconnect as the documents tell. */

export interface OpenFollowers {
  /** The gateways' addresses; a client begins with one and goes to the next where it is cut. */
  readonly urls: readonly string[];
  /** A key for each project, and how many clients follow it. */
  readonly projects: readonly { readonly key: string; readonly clients: number }[];
  readonly after: string;
}

interface Follower {
  readonly project: number;
  cursor: string;
  place: EventPosition | null;
  ids: string[];
  url: number;
  cuts: number;
  open: boolean;
}

const RECONNECT_MS = { first: 20, longest: 2_000 } as const;
const followers: Follower[] = [];
const faults: string[] = [];
let urls: readonly string[] = [];
let keys: readonly string[] = [];
let stopping = false;

const QUERY = 'subscription ($after: EventCursor) { events(after: $after) { id cursor } }';

/** One connection, until it is cut. What it got moves the cursor at once (RULES 14). */
function connect(follower: Follower): Promise<void> {
  const url = urls[follower.url % urls.length] ?? '';
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
    handshakeTimeout: 10_000,
  });
  const say = (message: object): void => socket.send(JSON.stringify(message));
  socket.on('open', () =>
    say({ type: 'connection_init', payload: { authorization: `Bearer ${keys[follower.project]}` } }),
  );
  socket.on('message', (data: Buffer) => {
    const { type, payload } = JSON.parse(data.toString('utf8')) as Message;
    if (type === 'connection_ack') {
      follower.open = true;
      say({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { after: follower.cursor } } });
    } else if (type === 'next' && payload?.data) take(follower, payload.data.events);
    else faults.push(`unexpected: ${data.toString('utf8').slice(0, 300)}`);
  });
  socket.on('error', () => undefined);
  return new Promise((resolve) =>
    socket.once('close', () => {
      follower.open = false;
      resolve();
    }),
  );
}

interface Message {
  readonly type: string;
  readonly payload?: {
    readonly data?: { readonly events: { readonly id: string; readonly cursor: string } };
  };
}

function take(follower: Follower, { id, cursor }: { readonly id: string; readonly cursor: string }): void {
  const place = decodeEventCursor(cursor);
  if (place === null || (follower.place !== null && !isAfter(place, follower.place)))
    faults.push(`event ${id} came twice or out of order`);
  follower.place = place;
  follower.cursor = cursor;
  follower.ids.push(id);
}

async function follow(follower: Follower): Promise<void> {
  let pause: number = RECONNECT_MS.first;
  for (;;) {
    const had = follower.ids.length;
    await connect(follower);
    if (stopping) return;
    follower.url += 1;
    follower.cuts += 1;
    if (follower.ids.length > had) pause = RECONNECT_MS.first;
    await delay(pause * (0.5 + Math.random() / 2));
    pause = Math.min(pause * 2, RECONNECT_MS.longest);
  }
}

answerParent(
  {
    open({ urls: given, projects, after }: OpenFollowers) {
      urls = given;
      keys = projects.map(({ key }) => key);
      for (const [project, { clients }] of projects.entries()) {
        for (let n = 0; n < clients; n++) {
          const follower = {
            project,
            cursor: after,
            place: null,
            ids: [],
            url: followers.length,
            cuts: 0,
            open: false,
          };
          followers.push(follower);
          void follow(follower);
        }
      }
    },
    /** How many are connected now, and how often they were cut in all. */
    connected: () => ({
      open: followers.filter(({ open }) => open).length,
      cuts: followers.reduce((sum, { cuts }) => sum + cuts, 0),
    }),
    faults: () => faults,
    /** How many have got so many events of their project. */
    complete: (counts: readonly number[]) =>
      followers.filter(({ project, ids }) => ids.length >= (counts[project] ?? 0)).length,
    /** For each project what its clients got: the hash over the ids in their order, once for all that got the same. */
    told: () =>
      keys.map((_key, project) => {
        const own = followers.filter((follower) => follower.project === project);
        return [...new Set(own.map(({ ids }) => hashOf(ids)))];
      }),
  },
  async () => {
    stopping = true;
  },
);
