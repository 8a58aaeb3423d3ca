import { pino, stdSerializers } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { Logger } from '../usecases/ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Fields that may hold a secret, wherever someone puts them (QUALITY, security 40). */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  '"set-cookie"',
  'password',
  'passwordHash',
  'token',
  'secret',
  'secretKey',
  'apiKey',
  'botToken',
  'connectionParams',
] as const;

/** pino's wildcard stands for exactly one level. */
const redactedPaths = SECRET_FIELDS.flatMap((field) => {
  const dotted = field.startsWith('"') ? `[${field}]` : `.${field}`;
  return [field.startsWith('"') ? `[${field}]` : field, `*${dotted}`, `*.*${dotted}`];
});

/** pg hangs the whole client on the errors of its pool. */
function withoutClient(error: Error): object {
  const { client: _client, ...rest } = stdSerializers.err(error);
  return rest;
}

export interface AppLogger extends Logger {
  /** The same log with fields bound to every line. */
  with(fields: object): AppLogger;
}

/** JSON lines on standard output, or on the given stream. */
export function createLogger(level: LogLevel, destination?: DestinationStream): AppLogger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: withoutClient },
    redact: { paths: redactedPaths, censor: '[redacted]' },
  };
  const log = destination ? pino(options, destination) : pino(options);
  return wrap(() => log);
}

/** A bound log is made when its first line is written: most requests write none. */
function wrap(make: () => PinoLogger): AppLogger {
  let made: PinoLogger | undefined;
  const log = () => (made ??= make());
  return {
    info: (fields, message) => log().info(fields, message),
    warn: (fields, message) => log().warn(fields, message),
    error: (fields, message) => log().error(fields, message),
    with: (fields) => wrap(() => log().child(fields)),
  };
}
