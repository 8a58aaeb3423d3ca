import { Logger as GraphileLogger } from 'graphile-worker';
import type { Logger } from '../../usecases/ports/logger.ts';

/** How it warns of fewer connections than jobs at a time, which is meant where jobs last long. */
const FEW_CONNECTIONS = /smaller than concurrency/;

/** graphile-worker's log in ours. It tells of each job that ends well: that and its debugging are left out. */
export function graphileLogger(logger: Logger): GraphileLogger {
  return new GraphileLogger((scope) => (level, message) => {
    if (level === 'error') logger.error({ ...scope }, message);
    if (level === 'warning' && !FEW_CONNECTIONS.test(message)) logger.warn({ ...scope }, message);
  });
}
