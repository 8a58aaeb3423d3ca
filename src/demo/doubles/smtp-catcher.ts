import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { createGate } from './gate.ts';

export interface CaughtMail {
  /** The envelope: who it was really sent from and to. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** As it came over the wire. */
  readonly raw: string;
  readonly parsed: Email;
}

export interface SmtpFailure {
  /** 4xx or 5xx. */
  readonly code: number;
  /** Which step is refused. Default: the data. */
  readonly at?: 'rcpt' | 'data';
}

export interface SmtpCatcher {
  readonly url: string;
  readonly mails: readonly CaughtMail[];
  waitForMail(matches: (mail: CaughtMail) => boolean, timeoutMilliseconds?: number): Promise<CaughtMail>;
  onMail(listener: (mail: CaughtMail) => void): void;
  /** Refuses the next `times` mails (default 1). */
  failNext(failure: SmtpFailure, times?: number): void;
  /** Keeps the next mail but cuts the connection instead of answering. */
  dropNextAfterData(): void;
  stop(): Promise<void>;
}

const refusal = (code: number): Error => Object.assign(new Error('refused as asked'), { responseCode: code });

/** A real SMTP server on 127.0.0.1 that keeps what it is given, for the demo and the tests. */
export async function startSmtpCatcher(port = 0): Promise<SmtpCatcher> {
  const mails = createGate<CaughtMail>('mail');
  const failures: SmtpFailure[] = [];
  let dropNext = false;
  const nextFailure = (step: 'rcpt' | 'data'): SmtpFailure | undefined =>
    (failures[0]?.at ?? 'data') === step ? failures.shift() : undefined;

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onRcptTo(_address, _session, answer) {
      const failure = nextFailure('rcpt');
      answer(failure ? refusal(failure.code) : null);
    },
    onData(stream, session, answer) {
      const receive = async (): Promise<void> => {
        const raw = await buffer(stream);
        const failure = nextFailure('data');
        if (failure) throw refusal(failure.code);
        mails.add(await readMail(raw, session));
        if (!dropNext) return answer();
        dropNext = false;
        for (const socket of sockets) socket.destroy();
      };
      receive().catch((error: unknown) => answer(error instanceof Error ? error : new Error(String(error))));
    },
  });
  // A client that goes away in the middle is no fault of the catcher.
  server.on('error', () => undefined);
  const listener = server.listen(port, '127.0.0.1');
  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if (!listener.listening) await once(listener, 'listening');

  return {
    url: `smtp://127.0.0.1:${portOf(listener.address())}`,
    mails: mails.items,
    waitForMail: (matches, timeout) => mails.waitFor(matches, timeout),
    onMail: (listener) => mails.onEach(listener),
    failNext(failure, times = 1) {
      for (let i = 0; i < times; i++) failures.push(failure);
    },
    dropNextAfterData() {
      dropNext = true;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function readMail(raw: Buffer, { envelope }: SMTPServerSession): Promise<CaughtMail> {
  return {
    sender: envelope.mailFrom ? envelope.mailFrom.address : '',
    recipients: envelope.rcptTo.map(({ address }) => address),
    raw: raw.toString('utf8'),
    parsed: await PostalMime.parse(raw),
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('the SMTP catcher does not listen on a port');
  return address.port;
}
