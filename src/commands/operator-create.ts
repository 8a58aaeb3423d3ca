// npm run operator:create -- <email> [ADMIN|MODERATOR|SUPPORT]: makes the first operator, or another one.
import { createOperatorStore } from '../adapters/db/operator-store.ts';
import { createArgon2Hasher } from '../adapters/secrets/argon2-hasher.ts';
import { createSecrets } from '../adapters/secrets/token-secrets.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { uuidSource } from '../adapters/system/uuid-source.ts';
import { loadConfig } from '../config/config.ts';
import { SYSTEM } from '../domain/access/actor.ts';
import { OPERATOR_ROLE_RIGHTS, type OperatorRole } from '../domain/access/rights.ts';
import { openDatabase } from '../server/compose/database.ts';
import { createLogger } from '../server/logging.ts';
import { createShutdown } from '../server/shutdown.ts';
import { operatorCreate, PASSWORD_LINK_PURPOSE } from '../usecases/operator/operator-create.ts';
import { runCommand } from './run-command.ts';

const ROLES = Object.keys(OPERATOR_ROLE_RIGHTS);
const isRole = (text: string): text is OperatorRole => ROLES.includes(text);

await runCommand(async () => {
  const [email, role = 'ADMIN'] = process.argv.slice(2);
  if (email === undefined || !isRole(role)) {
    throw new Error(`Usage: npm run operator:create -- <email> [${ROLES.join('|')}]`);
  }
  const config = loadConfig(process.env);
  const logger = createLogger('error');
  const shutdown = createShutdown(logger);
  try {
    const migrate = config.environment !== 'production';
    const { pool } = await openDatabase({ ...config.database, migrate }, shutdown, logger);
    const secrets = createSecrets(config.secretKey);
    const make = operatorCreate({
      operators: createOperatorStore(pool),
      passwords: await createArgon2Hasher(),
      secrets,
      ids: uuidSource,
      clock: systemClock,
      // A running gateway finds the events by its own safety poll.
      feed: { poke: () => undefined },
    });
    const made = await make(SYSTEM, { email, role });
    if (!made.ok) throw new Error(made.refusal.message);
    console.log(`${email} is an operator now (${role}).`);
    const { tokenId } = made.value;
    if (tokenId !== null) {
      const token = secrets.derive(PASSWORD_LINK_PURPOSE, tokenId).secret;
      const link = `${config.http.publicUrl}/password-reset?token=${encodeURIComponent(token)}`;
      console.log(`The password is set here, once, within 24 hours (the link is mailed as well):\n${link}`);
    }
    console.log(
      'Set up an authenticator after signing in: without a second factor an operator can do nothing.',
    );
  } finally {
    await shutdown.run();
  }
});
