import { expect, test } from 'vitest';
import { createSharpLogoEncoder } from '../../../src/adapters/images/sharp-logo-encoder.ts';
import { bomb, HTML, png } from '../../api/projects/pictures.ts';

test('a flood of pictures is turned away and not kept in memory; what is no picture waits for none', async () => {
  const encoder = createSharpLogoEncoder();
  const big = bomb(4096, 4096);
  const flood = Array.from({ length: 30 }, () => encoder.encode(big));
  expect(await Promise.race([encoder.encode(HTML), flood[0]])).toBe('unsupported');
  const outcomes = await Promise.all(flood);
  expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(14);
  expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toHaveLength(16);
  expect(await encoder.encode(await png())).toBeInstanceOf(Uint8Array);
});
