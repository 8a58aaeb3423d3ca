/** What one turn of one contestant measured. All figures of a name have one unit. */
export type Sample = Readonly<Record<string, number>>;

export interface Contestant {
  readonly name: string;
  /** One turn; also called once before the first round, and that result is dropped. */
  run(): Promise<Sample>;
}

/** Middle and ends of some figures. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Every contestant has a turn in every round, another one first each time: what slows the machine down for a while
 * slows all of them down, so the ratios within a round stay true.
 */
export async function interleave(contestants: readonly Contestant[], rounds: number): Promise<Samples> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (const contestant of contestants) await contestant.run();
  for (let round = 0; round < rounds; round++) {
    const first = round % contestants.length;
    for (const { name, run } of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      samples.get(name)?.push(await run());
    }
  }
  return samples;
}

export function spread(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** `figures` in ascending order; nearest rank, and the mean of the two middle ones for an even median. */
export function quantile(figures: readonly number[], share: number): number {
  const place = share * (figures.length - 1);
  if (share !== 0.5) return figures[Math.ceil(place)] ?? Number.NaN;
  const [low, high] = [figures[Math.floor(place)], figures[Math.ceil(place)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** The ratio of two contestants' figures, taken within each round. */
export function ratio(samples: Samples, figure: string, over: string, under: string): Spread {
  const [above, below] = [figuresOf(samples, over, figure), figuresOf(samples, under, figure)];
  return spread(above.map((value, round) => value / (below[round] ?? Number.NaN)));
}

export const figuresOf = (samples: Samples, contestant: string, figure: string): readonly number[] =>
  (samples.get(contestant) ?? []).map((sample) => sample[figure] ?? Number.NaN);
