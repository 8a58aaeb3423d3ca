import type { Pool } from 'pg';
import type { DeliveryPageQuery, DeliveryReads } from '../../usecases/ports/delivery-reads.ts';
import { isHeard } from './hearing-condition.ts';

/** In these words the database knows them by its indexes of what did not arrive. */
const IS_UNSENT = `d.status >= 'FAILED'`;

export const createDeliveryReads = (pool: Pool): DeliveryReads => ({
  async page(query) {
    return (await pool.query<{ id: string }>(deliveryPage(query))).rows.map(({ id }) => id);
  },
});

/** The statement of a page: what is not asked for does not stand in it, so that it is planned for what is. */
export function deliveryPage(query: DeliveryPageQuery): { text: string; values: unknown[] } {
  const { hearing, channel, status, type, since, until, after, before, limit, fromEnd } = query;
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const conditions = [`d.channel <> 'WEBHOOK'`];
  if (hearing) {
    conditions.push(`d.user_id = ${value(hearing.userId)}`);
    const heard = isHeard('d', value(hearing.ownTypes), value(JSON.stringify(hearing.grants)));
    conditions.push(`(d.merchant_id IS NULL OR ${heard})`);
  }
  if (hearing === null || status === 'FAILED' || status === 'UNKNOWN') conditions.push(IS_UNSENT);
  if (status) conditions.push(`d.status = ${value(status)}::"DeliveryStatus"`);
  if (channel) conditions.push(`d.channel = ${value(channel)}::"Channel"`);
  if (type) conditions.push(`d.event_type = ${value(type)}`);
  if (since) conditions.push(`d.created_at >= ${value(since)}`);
  if (until) conditions.push(`d.created_at < ${value(until)}`);
  if (after) conditions.push(`(d.created_at, d.id) < (${value(after.createdAt)}, ${value(after.id)}::uuid)`);
  if (before)
    conditions.push(`(d.created_at, d.id) > (${value(before.createdAt)}, ${value(before.id)}::uuid)`);
  const direction = fromEnd ? 'ASC' : 'DESC';
  const text = `
    SELECT d.id FROM delivery d WHERE ${conditions.join(' AND ')}
    ORDER BY d.created_at ${direction}, d.id ${direction} LIMIT ${value(limit)}`;
  return { text, values };
}
