import { z } from 'zod';
import type { Variables } from './variable.ts';

export const rateVariables = {
  RATE_SOURCE: {
    description:
      '`fixed` gives made-up rates, which production refuses; `none` gives none, so nothing can be quoted.',
    shownDefault: 'fixed, in production none',
    schema: z.enum(['fixed', 'none']).optional(),
  },
} as const satisfies Variables;
