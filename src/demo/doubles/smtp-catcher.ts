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

/** Where a mail stands when the catcher is asked whether to refuse it. */
export interface SmtpStep {
  readonly phase: 'mail' | 'rcpt' | 'data';
  /** Counts the mails that were begun, from 1; a repeated one counts again. */
  readonly number: number;
  /** Empty before the recipient is known. */
  readonly recipient: string;
}

/** What the server answers; an enhanced status (RFC 3463) stands at the beginning of the text. */
export interface SmtpRefusal {
  /** 4xx or 5xx. */
  readonly code: number;
  readonly text: string;
}

export interface SmtpCatcher {
  readonly url: string;
  readonly mails: readonly CaughtMail[];
  waitForMail(matches: (mail: CaughtMail) => boolean, timeoutMilliseconds?: number): Promise<CaughtMail>;
  onMail(listener: (mail: CaughtMail) => void): void;
  /** Refuses the next `times` mails (default 1). */
  failNext(failure: SmtpFailure, times?: number): void;
  /** Asked at every step of every mail from now on, after `failNext`; null to take all again. */
  refuse(rule: ((step: SmtpStep) => SmtpRefusal | null) | null): void;
  /** Keeps the next mail but cuts the connection instead of answering. */
  dropNextAfterData(): void;
  stop(): Promise<void>;
}

const refusal = ({ code, text }: SmtpRefusal): Error =>
  Object.assign(new Error(text), { responseCode: code });

/** Which mail of which connection is being given. */
interface Course {
  number: number;
  recipient: string;
}

/** A real SMTP server on 127.0.0.1 that keeps what it is given, for the demo and the tests. */
export async function startSmtpCatcher(port = 0): Promise<SmtpCatcher> {
  const mails = createGate<CaughtMail>('mail');
  const failures: SmtpFailure[] = [];
  const courses = new Map<string, Course>();
  let begun = 0;
  let dropNext = false;
  let rule: ((step: SmtpStep) => SmtpRefusal | null) | null = null;
  /** Why the step is refused; null when it is not. */
  const refused = ({ id }: SMTPServerSession, phase: SmtpStep['phase']): Error | null => {
    const failure = (failures[0]?.at ?? 'data') === phase ? failures.shift() : undefined;
    if (failure) return refusal({ code: failure.code, text: 'refused as asked' });
    const asked = rule?.({ phase, ...(courses.get(id) ?? { number: begun, recipient: '' }) });
    return asked ? refusal(asked) : null;
  };

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onMailFrom(_address, session, answer) {
      begun += 1;
      courses.set(session.id, { number: begun, recipient: '' });
      answer(refused(session, 'mail'));
    },
    onRcptTo({ address }, session, answer) {
      const course = courses.get(session.id);
      if (course) course.recipient = address;
      answer(refused(session, 'rcpt'));
    },
    onClose: ({ id }) => void courses.delete(id),
    onData(stream, session, answer) {
      const receive = async (): Promise<void> => {
        const raw = await buffer(stream);
        const refusedAs = refused(session, 'data');
        if (refusedAs) throw refusedAs;
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
    refuse(asked) {
      rule = asked;
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
