import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose end everything else would have to wait for. */
const LONGEST = [
  'test/bench/bench.test.ts',
  'test/fault/two-watchers.test.ts',
  'test/fault/kill-nine.test.ts',
];

/** Begins with the longest files, so that both workers have something to do until the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await BaseSequencer.prototype.sort.call(this, files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONGEST.some((file) => moduleId.replaceAll('\\', '/').endsWith(file));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
