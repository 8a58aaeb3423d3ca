import { startChild } from './child-process.ts';
import { numberText, type EventPublisher } from './event-publisher.ts';
import { SHOPS } from './seed-merchant.ts';
import type { Server } from './servers.ts';
import type { SocketGroup, Subscribers } from './subscribers.ts';

const SUBSCRIPTION = 'subscription Events { events { id cursor name subjectId data occurredAt } }';

/** What makes events happen on a server, and the sockets that wait for them. */
export interface Stage {
  readonly name: string;
  readonly server: Server;
  readonly group: SocketGroup;
  /** Makes these events happen; gives the moment of their commit. */
  readonly publish: (numbers: readonly number[]) => Promise<number>;
  /** The number of the last event. */
  last: number;
}

export async function startBroadcast(): Promise<Server> {
  const child = await startChild(new URL('../children/broadcast-server.ts', import.meta.url), {
    place: 'server',
  });
  return { child, url: await child.call<string>('url') };
}

export async function openPaybell(
  server: Server,
  subscribers: Subscribers,
  publisher: EventPublisher,
  count: number,
): Promise<Stage> {
  const group = await subscribers.open({
    group: 'paybell',
    url: `${server.url}/graphql`,
    count,
    greeting: [
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${SHOPS.plain.key}` } }),
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } }),
    ],
  });
  const publish = async (numbers: readonly number[]): Promise<number> => {
    const committed = await publisher.commit(numbers);
    publisher.announce();
    return committed;
  };
  await group.probe(async () => void (await publish([0])));
  return { name: 'paybell', server, group, publish, last: 0 };
}

/** The same commit, and then the same bytes straight from memory. */
export async function openRaw(
  server: Server,
  subscribers: Subscribers,
  publisher: EventPublisher,
  count: number,
  sample: string,
): Promise<Stage> {
  const group = await subscribers.open({ group: 'raw', url: server.url, count, greeting: [] });
  const frameOf = (n: number): string => sample.replace('"n":"000000"', `"n":"${numberText(n)}"`);
  const publish = async (numbers: readonly number[]): Promise<number> => {
    const committed = await publisher.commit(numbers);
    void server.child.call('broadcast', numbers.map(frameOf));
    return committed;
  };
  await group.probe(async () => void (await server.child.call('broadcast', [sample])));
  return { name: 'raw', server, group, publish, last: 0 };
}
