/** What a ratio should be at least (QUALITY, speed), and where the short form fails. More is always better. */
export interface Goal {
  readonly ratio: string;
  readonly goal: number;
  readonly floor: number;
}

/** CI's machines are noisy: a floor is 70 % of its goal. */
const FLOOR_SHARE = 0.7;

/** At its goal or near it. */
const held = (ratio: string, goal: number): Goal => ({ ratio, goal, floor: FLOOR_SHARE * goal });

/** Far below its goal as yet: the floor is half or less of what was measured, and goes up with the product. */
const notYet = (ratio: string, goal: number, floor: number): Goal => ({ ratio, goal, floor });

/** A long list may take 1.3 times as long as a short one. */
const LENGTH_GOAL = 1 / 1.3;
/** The 99th percentile may be 1.2 times that of the raw broadcast. */
const P99_GOAL = 1 / 1.2;

export const GOALS: readonly Goal[] = [
  notYet('by id', 0.8, 0.1),
  notYet('create over statement', 0.7, 0.2),
  notYet('create over transaction', 0.7, 0.3),
  held('fan-out paced, messages', 0.9),
  held('fan-out paced, p99', P99_GOAL),
  notYet('fan-out burst, messages', 1, 0.4),
  notYet('page over bare, first small', 0.8, 0.1),
  notYet('page over bare, deep small', 0.8, 0.1),
  notYet('page over bare, first large', 0.8, 0.1),
  notYet('page over bare, deep large', 0.8, 0.05),
  held('large over small, paybell first', LENGTH_GOAL),
  notYet('large over small, paybell deep', LENGTH_GOAL, 0.2),
];

export const goalOf = (ratio: string): Goal | undefined => GOALS.find((goal) => goal.ratio === ratio);
