import { z } from 'zod';
import { integer, url } from './readers.ts';
import type { Variables } from './variable.ts';

export const databaseVariables = {
  DATABASE_URL: {
    description: 'PostgreSQL 15 to 18. Without it an embedded PostgreSQL runs in DATA_DIR.',
    secret: true,
    requiredInProduction: true,
    schema: url('postgresql', 'postgres').optional(),
  },
  DATA_DIR: {
    description: 'Where the embedded PostgreSQL keeps its data.',
    shownDefault: './data',
    schema: z.string().default('./data'),
  },
  DATABASE_POOL_SIZE: {
    description:
      'Connections for queries; the job queue, the event feed and the leader locks hold about fifteen more.',
    shownDefault: '10',
    schema: integer(10, 1, 1_000),
  },
} as const satisfies Variables;
