import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  /** The part of the Message-ID before the `@`: the delivery's id. */
  readonly deliveryId: string;
  readonly to: string;
  readonly raw: string;
}

export interface MailReceiver {
  readonly url: string;
  /** Every mail that was taken, a second copy too. */
  readonly mails: readonly ReceivedMail[];
  /** How many were refused for now. */
  refused(): number;
  stop(): Promise<void>;
}

/** An SMTP server that refuses every `every`th mail for now. It reads no more of a mail than the test asks. */
export async function startMailReceiver(every: number): Promise<MailReceiver> {
  const mails: ReceivedMail[] = [];
  let begun = 0;
  let refused = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onData(stream, { envelope }, answer) {
      begun += 1;
      const refuses = begun % every === 0;
      const take = async (): Promise<void> => {
        const raw = await text(stream);
        if (refuses) {
          refused += 1;
          throw Object.assign(new Error('4.2.1 come again'), { responseCode: 451 });
        }
        const deliveryId = /^Message-ID: <([^@>]+)@/im.exec(raw)?.[1] ?? '';
        mails.push({ deliveryId, to: envelope.rcptTo[0]?.address ?? '', raw });
      };
      take().then(() => answer(), answer);
    },
  });
  // A worker that is killed in the middle of a mail is no fault of the server.
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  if (!listener.listening) await once(listener, 'listening');
  return {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    mails,
    refused: () => refused,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
