import { availableParallelism } from 'node:os';
import { goalOf } from '../goals.ts';
import { isPinning } from './cores.ts';
import { figuresOf, spread, type Samples, type Spread } from './rounds.ts';
import type { BenchContext, Ratio, ScenarioResult } from './scenario.ts';

/** The JSON file: the ratios, and the absolute figures as context. */
export interface BenchReport {
  readonly isShort: boolean;
  readonly rounds: number;
  readonly machine: { readonly node: string; readonly cores: number; readonly pinned: boolean };
  readonly ratios: readonly (Ratio & { readonly scenario: string; readonly goal: number | null })[];
  /** By scenario, contestant and figure. */
  readonly context: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Spread>>>>>>;
}

export function report(
  { isShort, rounds }: BenchContext,
  results: ReadonlyMap<string, ScenarioResult>,
): BenchReport {
  return {
    isShort,
    rounds,
    machine: { node: process.version, cores: availableParallelism(), pinned: isPinning },
    ratios: [...results].flatMap(([scenario, { ratios }]) =>
      ratios.map((ratio) => ({ scenario, ...ratio, goal: goalOf(ratio.name)?.goal ?? null })),
    ),
    context: Object.fromEntries(
      [...results].map(([scenario, { samples }]) => [scenario, contextOf(samples)]),
    ),
  };
}

const contextOf = (samples: Samples) =>
  Object.fromEntries(
    [...samples].map(([contestant, turns]) => [contestant, figuresOfAll(samples, contestant, turns)]),
  );

const figuresOfAll = (samples: Samples, contestant: string, turns: readonly object[]) =>
  Object.fromEntries(
    Object.keys(turns[0] ?? {}).map((figure) => [figure, spread(figuresOf(samples, contestant, figure))]),
  );

export function printScenario(name: string, { samples, ratios }: ScenarioResult): void {
  console.log(`\n${name}`);
  for (const { name: ratioName, value } of ratios) {
    const goal = goalOf(ratioName)?.goal;
    console.log(
      `  ${ratioName.padEnd(36)} ${shown(value)}${goal === undefined ? '' : `   goal ${goal.toFixed(2)}`}`,
    );
  }
  console.log('  context, which does not count:');
  for (const [contestant, figures] of Object.entries(contextOf(samples))) {
    const texts = Object.entries(figures).map(([figure, { median }]) => `${figure} ${rounded(median)}`);
    console.log(`    ${contestant.padEnd(20)} ${texts.join('  ')}`);
  }
}

const shown = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)}  (${min.toFixed(2)} to ${max.toFixed(2)})`;

const rounded = (figure: number): string => (figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3));
