// Writes docs/roles.md from the rights in the code; with --check fails when the committed one differs.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { OPERATOR_RIGHT_DESCRIPTIONS, RIGHT_DESCRIPTIONS } from '../domain/access/right-descriptions.ts';
import {
  API_KEY_RIGHTS,
  isBeyondProjects,
  OPERATOR_RIGHTS,
  OPERATOR_ROLE_RIGHTS,
  RIGHTS,
  ROLE_RIGHTS,
} from '../domain/access/rights.ts';
import { markdownTable } from './markdown-table.ts';
import { runCommand } from './run-command.ts';

const FILE = fileURLToPath(new URL('../../docs/roles.md', import.meta.url));

/** One row a right: what it allows, and a mark below each holder that has it. */
const matrix = <R extends string>(
  rights: readonly R[],
  holders: Readonly<Record<string, readonly R[]>>,
  describe: (right: R) => string,
): string =>
  markdownTable([
    ['right', ...Object.keys(holders), 'allows to'],
    ...rights.map((right) => [
      `\`${right}\``,
      ...Object.values(holders).map((held) => (held.includes(right) ? 'x' : '')),
      describe(right),
    ]),
  ]);

const keyRights = RIGHTS.filter((right) =>
  Object.values(API_KEY_RIGHTS).some((held) => held.includes(right)),
);

const page = (): string => `# Roles and rights

<!-- Written from src/domain/access by the schema script. Edits here are lost. -->

Every query, mutation, subscription and live event asks one function (\`may\`, for operators \`mayOperate\`), and the
tables below are what it reads. What somebody may not see looks as if it did not exist. A test tries every field and type
of the schema as every role, key and operator and compares the answers with these tables (\`test/api/access-matrix\`).

## Members of a merchant

A person can be a member of many merchants, with one role in each. A disabled member has no rights at all, and a change
takes effect at once, on open connections too. The last owner cannot be removed.

${matrix(RIGHTS, ROLE_RIGHTS, (right) => RIGHT_DESCRIPTIONS[right])}

A member who is restricted to some projects has the rights of the role in those projects only. Of the merchant as a
whole such a member keeps ${RIGHTS.filter(isBeyondProjects)
  .map((right) => `\`${right}\``)
  .join(' and ')}, if the role has them. Owners and admins are never restricted.

## API keys

A key belongs to one project and one mode, and never sees the other mode or another project. Its scopes are the rights
that it was given of those its kind can have. Nobody gives a key a right that is not the
own one, nor rotates such a key.

${matrix(keyRights, API_KEY_RIGHTS, (right) => RIGHT_DESCRIPTIONS[right])}

## Operators

Operators run the gateway. An operator is never a member of a merchant, and no merchant's right is an operator's. Each
right asks for a second factor in the session, and every change and decision for a step-up besides.
The last ADMIN cannot be disabled. The first operator is made by \`npm run operator:create\`.

${matrix(OPERATOR_RIGHTS, OPERATOR_ROLE_RIGHTS, (right) => OPERATOR_RIGHT_DESCRIPTIONS[right])}

## Nobody in particular

Without credentials one can sign up, confirm an address, sign in, reset a password, ask for the removal of a lost
authenticator, accept an invitation as a new person, and list currencies and networks. A session that waits for its PIN
can be unlocked or ended, nothing else.
`;

await runCommand(async () => {
  const written = page();
  if (!process.argv.includes('--check')) {
    await writeFile(FILE, written);
    return;
  }
  const committed = await readFile(FILE, 'utf8').catch(() => '');
  if (committed !== written) {
    throw new Error('docs/roles.md is not what src/domain/access says; run the schema script and commit it.');
  }
});
