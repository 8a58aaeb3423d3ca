import { isPlainText } from '../../domain/text/plain-text.ts';
import { done, refuse, type Result } from '../result.ts';

const MAX_LENGTH = 1_000;

/** The words that go with a step of moderation, without the blanks around them; null for none. */
export function readReason(text: string | null | undefined, field: string): Result<string | null> {
  const words = text?.trim() ?? '';
  if (words === '') return done(null);
  if (words.length > MAX_LENGTH || !isPlainText(words)) {
    return refuse('INVALID_INPUT', `This has at most ${MAX_LENGTH} characters, none of them control.`, field);
  }
  return done(words);
}
