import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

export interface NameServer {
  /** address:port. */
  readonly address: string;
  /** The questions so far, such as "A good.example". */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

const QUESTION_AT = 12;
const A = 1;
const AAAA = 28;
const REFUSED = 5;

/**
 * A DNS server (RFC 1035) whose owner is no friend: the addresses that it gives for any name are those of the next list,
 * then those of the last one. Null refuses the question.
 */
export async function startNameServer(
  ...answers: readonly (readonly string[] | null)[]
): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, end } = nameIn(query);
    const type = query.readUInt16BE(end);
    asked.push(`${type === A ? 'A' : 'AAAA'} ${name}`);
    const rounds = asked.filter((question) => question === asked.at(-1)).length;
    const given = answers[Math.min(rounds, answers.length) - 1] ?? null;
    const records = (given ?? []).filter((one) => type === (isIPv4(one) ? A : AAAA));
    const head = Buffer.from(query.subarray(0, QUESTION_AT));
    head.writeUInt16BE(0x8180 | (given === null ? REFUSED : 0), 2);
    head.writeUInt16BE(records.length, 6);
    head.fill(0, 8);
    const question = query.subarray(QUESTION_AT, end + 4);
    socket.send(Buffer.concat([head, question, ...records.map(record)]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** The name of the question, and where it ends. */
function nameIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = QUESTION_AT;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

/** One answer for the name of the question, to be forgotten at once. */
function record(address: string): Buffer {
  const data = isIPv4(address)
    ? Buffer.from(address.split('.').map(Number))
    : Buffer.from(
        address
          .split(':')
          .map((group) => group.padStart(4, '0'))
          .join(''),
        'hex',
      );
  const head = Buffer.from('c00c00010001000000000000', 'hex');
  head.writeUInt16BE(isIPv4(address) ? A : AAAA, 2);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
