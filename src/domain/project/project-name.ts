import { isPlainLine } from '../text/plain-text.ts';

const MAX_LENGTH = 100;

export const PROJECT_NAME_RULE = `A project name has 1 to ${MAX_LENGTH} characters in one line.`;

/** The name without the blanks around it; null when it breaks the rule. */
export function projectName(text: string): string | null {
  const name = text.trim();
  return name.length >= 1 && name.length <= MAX_LENGTH && isPlainLine(name) ? name : null;
}
