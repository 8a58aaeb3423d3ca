import { afterAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { IS_LONG, rounds } from '../testkit/long.ts';
import { expectLedgerInBalance } from './ledger-checks.ts';
import { openBooks, type Books } from './payouts/books.ts';
import { runCourse, type CourseDeps, type CoursePlan } from './payouts/course.ts';
import { openEvmWorld } from './payouts/evm-world.ts';
import type { Cut } from './payouts/front.ts';
import { openLitecoinWorld } from './payouts/litecoin-world.ts';
import type { DeathPlan, When } from './payouts/mortal.ts';
import { STEPS } from './payouts/sender.ts';
import type { World } from './payouts/world.ts';
import { seededRandom, type Random } from './seed.ts';

const RUNS = rounds(6, 200);
/** A young Litecoin chain is short: at a height of 432 its blocks become others (MWEB). */
const RUNS_OF_A_CHAIN = 20;
const PROCESSES_EVERY = rounds(8, 4);
const CUTS = ['lost answer', 'lost answer', 'twice', 'lost request'] as const satisfies readonly Cut[];
const WHENS = ['before', 'amid', 'after'] as const satisfies readonly When[];
const OUTBIDDING = /outbid/;

/** All steps and all moments come in turn, from a place that the seed chooses; what happens besides is chance. */
function planOf(world: World, run: number, random: Random): CoursePlan {
  const steps = STEPS[world.settings.network];
  const death: DeathPlan = {
    step: steps[run % steps.length] ?? steps[0],
    when: WHENS[Math.floor(run / steps.length) % WHENS.length] ?? 'before',
    nth: 1 + random.below(2),
  };
  const chance = (of: number): boolean => random.below(of) === 0;
  return {
    death,
    isProcess: run % PROCESSES_EVERY === 0,
    again: chance(3)
      ? { step: random.pick(steps), when: random.pick(WHENS), nth: 1 + random.below(3) }
      : null,
    cut: chance(2) ? { method: random.pick(world.methods), how: random.pick(CUTS) } : null,
    isDoubled: chance(4),
    isReorganised: chance(3),
    isShort: death.step === 'store.waits' || chance(15),
    isStuck: OUTBIDDING.test(death.step) || chance(6),
  };
}

const WORLDS = [
  { name: 'an EVM network', open: openEvmWorld, isHere: () => true },
  { name: 'a network of the Bitcoin family', open: openLitecoinWorld, isHere: litecoindIsHere },
] as const;

interface Chapter {
  readonly db: TestDatabase;
  readonly world: World;
  readonly books: Books;
  readonly owners: CourseDeps['owners'];
}

describe.each(WORLDS)('payouts of $name', ({ open, isHere }) => {
  let chapter: Chapter | null = null;

  async function close(): Promise<void> {
    if (!chapter) return;
    await expectLedgerInBalance(chapter.db.pool);
    await chapter.world.stop();
    await chapter.db.drop();
    chapter = null;
  }

  async function reopened(): Promise<Chapter> {
    await close();
    const db = await createTestDatabase();
    const books = openBooks(db.pool);
    const owners = [await books.owner(), await books.owner(), await books.owner()] as const;
    chapter = { db, books, owners: [...owners], world: await open(db.pool) };
    return chapter;
  }

  afterAll(close);

  it.skipIf(!isHere())(
    'are paid once, wherever senders die and whatever becomes of what the node was asked',
    { timeout: RUNS * 15_000 },
    async () => {
      const random = seededRandom();
      const clock = createClock();
      const kills = new Map<string, number>();
      const cuts = new Map<string, number>();
      const first = random.below(1_000);
      let [payouts, turns] = [0, 0];
      let now = await reopened();
      for (let run = 0; run < RUNS; run += 1) {
        if (run > 0 && run % RUNS_OF_A_CHAIN === 0) now = await reopened();
        const plan = planOf(now.world, first + run, random);
        const end = await runCourse({ ...now, clock, random }, plan).catch((error) => {
          throw new Error(`run ${run}: ${JSON.stringify(plan)}`, { cause: error });
        });
        payouts += end.payouts;
        turns += end.rounds;
        for (const { step, when } of end.kills) count(kills, `${step} ${when}`);
        for (const cut of end.cuts) count(cuts, cut);
      }
      tell({ payouts, turns, kills, cuts });
      const reached = new Set([...kills.keys()].map((key) => key.split(' ')[0]));
      if (IS_LONG) expect(reached).toEqual(new Set(STEPS[now.world.settings.network]));
    },
  );
});

const count = (of: Map<string, number>, what: string): unknown => of.set(what, (of.get(what) ?? 0) + 1);

function createClock(): CourseDeps['clock'] {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    aheadMs: () => ahead,
    advance: ({ milliseconds = 0 }) => void (ahead += milliseconds),
  };
}

interface Figures {
  readonly payouts: number;
  readonly turns: number;
  readonly kills: ReadonlyMap<string, number>;
  readonly cuts: ReadonlyMap<string, number>;
}

/** For whoever wants to know what was tried. */
function tell({ payouts, turns, kills, cuts }: Figures): void {
  const total = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((a, b) => a + b, 0);
  const list = (of: ReadonlyMap<string, number>): string =>
    [...of]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => `  ${times} × ${what}`)
      .join('\n');
  process.stdout.write(
    `${RUNS} runs, ${payouts} payouts, ${turns} rounds\n${total(kills)} kills\n${list(kills)}\n${total(cuts)} cuts\n${list(cuts)}\n`,
  );
}
