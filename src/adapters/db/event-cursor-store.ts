import type { Pool } from 'pg';
import type { EventPosition } from '../../domain/event/event.ts';
import type { EventCursorStore } from '../../usecases/ports/event-cursor-store.ts';

const READ = 'SELECT txid, seq FROM event_cursor WHERE reader = $1';
const CREATE = 'INSERT INTO event_cursor (reader, txid, seq) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING';
/** The cursor is the fence, as the relay's is. */
const MOVE = 'UPDATE event_cursor SET txid = $4, seq = $5 WHERE reader = $1 AND txid = $2 AND seq = $3';

/** The cursor of one reader in `event_cursor`. */
export function createEventCursorStore(pool: Pool, reader: string): EventCursorStore {
  const read = async (): Promise<EventPosition | undefined> => {
    const { rows } = await pool.query<{ txid: string; seq: string }>({
      name: 'event_cursor_read',
      text: READ,
      values: [reader],
    });
    const [row] = rows;
    return row && { txid: BigInt(row.txid), seq: BigInt(row.seq) };
  };
  return {
    async read() {
      const known = await read();
      if (known) return known;
      await pool.query(CREATE, [reader]);
      return (await read()) ?? { txid: 0n, seq: 0n };
    },
    async move(from, to) {
      const { rowCount } = await pool.query({
        name: 'event_cursor_move',
        text: MOVE,
        values: [reader, from.txid, from.seq, to.txid, to.seq],
      });
      return rowCount === 1;
    },
  };
}
