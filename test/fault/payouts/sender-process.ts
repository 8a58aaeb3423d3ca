import { createInterface } from 'node:readline';
import { Pool } from 'pg';
import { killed, type DeathPlan } from './mortal.ts';
import { openSender, type SenderSettings } from './sender.ts';

/** What `spawnSender` starts: a round for each line of its input, which tells how far ahead business time is. */
export interface SenderOrder {
  readonly settings: SenderSettings;
  readonly databaseUrl: string;
  readonly plan: DeathPlan | null;
}

const order: SenderOrder = JSON.parse(process.env['SENDER_ORDER'] ?? '');
const pool = new Pool({ connectionString: order.databaseUrl, max: 2 });
let ahead = 0;
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const round = await openSender(order.settings, killed(order.plan), {
  pool,
  clock: { now: () => new Date(Date.now() + ahead) },
  logger: {
    info: () => undefined,
    warn: () => undefined,
    error: (_, message) => tell({ error: message }),
  },
});
tell({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  ahead = Number(line);
  try {
    await round();
    tell({ done: true });
  } catch (error) {
    tell({ done: true, fault: error instanceof Error ? error.name : 'fault', message: String(error) });
  }
}
await pool.end();
