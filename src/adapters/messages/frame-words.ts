import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the frame around every message says, in one language. */
export interface FrameWords {
  /** Stands above what tells of play money. */
  readonly testMode: string;
  /** What its subject begins with. */
  readonly testSubject: string;
  readonly footer: string;
  /** The text of the link that ends such mails. */
  readonly unsubscribe: string;
}

export const FRAME_FILE = 'frame.json';

/** The words in the folder of a language. Throws when one is missing, so that the start fails and not a message. */
export function readFrameWords(folder: string): FrameWords {
  const file = path.join(folder, FRAME_FILE);
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
  const word = (key: keyof FrameWords): string => {
    const text = texts[key];
    if (typeof text !== 'string' || text === '') throw new Error(`${file} lacks ${key}`);
    return text;
  };
  return {
    testMode: word('testMode'),
    testSubject: word('testSubject'),
    footer: word('footer'),
    unsubscribe: word('unsubscribe'),
  };
}
