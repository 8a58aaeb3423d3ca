import { z } from 'zod';
import type { Variables } from './variable.ts';

export const ROLES = ['api', 'worker', 'watcher', 'bots'] as const;
export type Role = (typeof ROLES)[number];

export const runtimeVariables = {
  NODE_ENV: {
    description: '`production` refuses development secrets and asks for what a real gateway needs.',
    shownDefault: 'development',
    schema: z.enum(['development', 'test', 'production']).default('development'),
  },
  ROLES: {
    description: 'Which parts this process runs: api, worker, watcher, bots.',
    shownDefault: ROLES.join(','),
    schema: z
      .string()
      .transform((text) => [
        ...new Set(
          text
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean),
        ),
      ])
      .pipe(z.array(z.enum(ROLES, 'must be of api, worker, watcher, bots')).min(1, 'must name a role'))
      .optional()
      .transform((roles): readonly Role[] => roles ?? ROLES),
  },
  LOG_LEVEL: {
    description: 'The least serious lines that are logged: debug, info, warn, error, silent.',
    shownDefault: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  },
  PROJECT_MODERATION: {
    description: 'Whether a new project is active at once (`automatic`) or waits for an operator (`manual`).',
    shownDefault: 'automatic',
    schema: z.enum(['automatic', 'manual']).default('automatic'),
  },
} as const satisfies Variables;
