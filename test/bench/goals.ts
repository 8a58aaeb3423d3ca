/** What a ratio should be at least. More is always better. */
export interface Goal {
  readonly ratio: string;
  readonly goal: number;
}

/** A long list may take 1.3 times as long as a short one. */
const LENGTH_GOAL = 1 / 1.3;
/** What filters and searches, or tells of a year, may take 1.5 times as long. */
const LISTS_GOAL = 1 / 1.5;
/** The 99th percentile may be 1.2 times that of the raw broadcast. */
const P99_GOAL = 1 / 1.2;

/** A long export may hold 1.2 times as much at its end as at its beginning. */
const MEMORY_GOAL = 1 / 1.2;
/** A dead endpoint may cost the others a twentieth. */
const DEAD_GOAL = 0.95;
/** The lists of the scenario of that name. */
export const LISTS = [
  'three filters',
  'three filters and a word',
  'three filters and an order id',
  'sorted by payment',
  'statement',
  'statistics of a year',
] as const;

export const GOALS: readonly Goal[] = [
  { ratio: 'by id', goal: 0.8 },
  { ratio: 'create over statement', goal: 0.7 },
  { ratio: 'create over transaction', goal: 0.7 },
  { ratio: 'fan-out paced, messages', goal: 0.9 },
  { ratio: 'fan-out paced, p99', goal: P99_GOAL },
  { ratio: 'fan-out burst, messages', goal: 1 },
  { ratio: 'page over bare, first small', goal: 0.8 },
  { ratio: 'page over bare, deep small', goal: 0.8 },
  { ratio: 'page over bare, first large', goal: 0.8 },
  { ratio: 'page over bare, deep large', goal: 0.8 },
  { ratio: 'large over small, paybell first', goal: LENGTH_GOAL },
  { ratio: 'large over small, paybell deep', goal: LENGTH_GOAL },
  { ratio: 'large over small, block matching', goal: LENGTH_GOAL },
  { ratio: 'large over small, block taken in', goal: LENGTH_GOAL },
  { ratio: 'payout create over statement', goal: 0.7 },
  { ratio: 'large over small, payouts first', goal: LENGTH_GOAL },
  { ratio: 'large over small, payouts deep', goal: LENGTH_GOAL },
  { ratio: 'export rows, large over small', goal: LENGTH_GOAL },
  { ratio: 'export rss, first over last quarter', goal: MEMORY_GOAL },
  { ratio: 'export heap, first over last quarter', goal: MEMORY_GOAL },
  { ratio: 'a dead endpoint, burst', goal: DEAD_GOAL },
  { ratio: 'a dead endpoint, p99', goal: DEAD_GOAL },
  ...LISTS.map((list) => ({ ratio: `large over small, ${list}`, goal: LISTS_GOAL })),
];

export const goalOf = (ratio: string): Goal | undefined => GOALS.find((goal) => goal.ratio === ratio);
