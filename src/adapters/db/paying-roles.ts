import type { Role } from '../../domain/access/actor.ts';
import { ROLE_RIGHTS } from '../../domain/access/rights.ts';

/** Roles whose holder could send money away. */
export const PAYING_ROLES = (Object.keys(ROLE_RIGHTS) as Role[]).filter((role) =>
  ROLE_RIGHTS[role].includes('payout:write'),
);
