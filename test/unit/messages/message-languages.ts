import { readdirSync } from 'node:fs';
import path from 'node:path';

export const TEMPLATES = path.join(import.meta.dirname, '../../../src/adapters/messages/templates');

/** Every language that messages are written in. */
export const MESSAGE_LANGUAGES = readdirSync(TEMPLATES).filter((name) => name !== 'shared');
