/** A process dies before a step, in the midst of it (it was asked for, its answer is never heard of), or after it. */
export type When = 'before' | 'amid' | 'after';

export interface DeathPlan {
  readonly step: string;
  readonly when: When;
  /** At the step's so many-th time, from 1. */
  readonly nth: number;
}

/** Something that may die at any of its steps, and does nothing any more after that. */
export interface Mortal {
  step<In extends readonly unknown[], Out>(
    name: string,
    work: (...input: In) => Promise<Out>,
  ): (...input: In) => Promise<Out>;
  isDead(): boolean;
  /** What was asked for in the midst of a step is over. */
  settled(): Promise<void>;
}

export class Killed extends Error {
  override readonly name = 'Killed';
}

/** Abandoned at the step of its plan: what it waits for is never heard of again. */
export const abandoned = (plan: DeathPlan | null): Mortal =>
  mortal(plan, () => {
    throw new Killed();
  });

/** A process that ends itself by kill -9 at the step of its plan. */
export const killed = (plan: DeathPlan | null): Mortal =>
  mortal(plan, async () => {
    // What was asked for is on its way.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    process.kill(process.pid, 'SIGKILL');
    return await new Promise<never>(() => undefined);
  });

function mortal(plan: DeathPlan | null, die: () => Promise<never>): Mortal {
  let times = 0;
  let isDead = false;
  const left: Promise<unknown>[] = [];
  return {
    isDead: () => isDead,
    settled: async () => void (await Promise.all(left)),
    step:
      (name, work) =>
      async (...input) => {
        if (isDead) return await die();
        if (plan?.step === name) times += 1;
        const isLast = plan?.step === name && times === plan.nth;
        if (isLast && plan.when === 'before') isDead = true;
        if (isDead) return await die();
        const working = work(...input);
        if (isLast && plan.when === 'amid') {
          left.push(working.catch(() => undefined));
          isDead = true;
        } else {
          const done = await working;
          isDead ||= isLast;
          if (!isDead) return done;
        }
        return await die();
      },
  };
}
