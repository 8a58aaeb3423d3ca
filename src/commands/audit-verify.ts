// npm run audit:verify [-- <number>:<hash>]: checks the audit log of DATABASE_URL, and that a head noted before stands.
import pg from 'pg';
import { verifyAudit, type AuditAnchor } from '../adapters/db/audit-verify.ts';
import { runCommand } from './run-command.ts';

function anchorIn(argument: string | undefined): AuditAnchor | null {
  if (argument === undefined) return null;
  const { number, hash } = /^(?<number>\d{1,18}):(?<hash>[0-9a-f]{64})$/i.exec(argument)?.groups ?? {};
  if (number === undefined || hash === undefined)
    throw new Error('Give the head as the command told it: <number>:<64 hexadecimal digits>.');
  return { number: BigInt(number), hash: hash.toLowerCase() };
}

await runCommand(async () => {
  const connectionString = process.env['DATABASE_URL'];
  if (!connectionString)
    throw new Error('Set DATABASE_URL to the database whose audit log is to be checked.');
  const expected = anchorIn(process.argv[2]);
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { entries, head, waiting, faults } = await verifyAudit(client, expected);
    for (const { number, eventId, what } of faults)
      console.error(`entry ${number ?? '-'}, event ${eventId}: ${what}`);
    if (faults.length > 0)
      throw new Error(`The audit log is broken in ${faults.length} places (100 are told at most).`);
    const last = head === null ? '' : ` The last is ${head.number}:${head.hash}.`;
    console.log(
      `The audit log has ${entries} entries and is whole.${last} ${waiting} events wait for theirs.`,
    );
  } finally {
    await client.end();
  }
});
