/** An exact positive quotient: rates are crossed and compared in it, and rounded once at the end. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const times = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.over,
  under: a.under * b.under,
});

export const inverse = ({ over, under }: Fraction): Fraction => ({ over: under, under: over });

/** Half way between the two. */
export const mean = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: 2n * a.under * b.under,
});

/** Below zero when `a` is the smaller, above zero when it is the greater. */
export function compare(a: Fraction, b: Fraction): number {
  const left = a.over * b.under;
  const right = b.over * a.under;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Whether `value` lies at most so many per cent of `centre` away from it. */
export function isNear(value: Fraction, centre: Fraction, percent: bigint): boolean {
  const left = value.over * centre.under;
  const right = centre.over * value.under;
  const distance = left < right ? right - left : left - right;
  return distance * 100n <= right * percent;
}
