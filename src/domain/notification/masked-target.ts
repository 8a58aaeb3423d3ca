import type { Channel } from '../event/event-row.ts';

/** Enough of a target for whoever runs the gateway to tell it from others, and not to write to it. */
export function maskedTarget(channel: Channel, target: string): string {
  const at = target.lastIndexOf('@');
  if (channel === 'EMAIL' && at > 0) return `${target.slice(0, 1)}…${target.slice(at)}`;
  return `…${target.slice(-3)}`;
}
