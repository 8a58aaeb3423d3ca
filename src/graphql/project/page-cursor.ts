import { InvalidInputError } from '../core/errors.ts';

interface PageArgs {
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** How Pothos writes the cursor of a row: its id, which here is always a uuid. */
const CURSOR = /^GPC:S:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Throws INVALID_INPUT for a cursor that no list gave out; the database would stumble over what is in it. */
export function checkCursors(args: PageArgs): void {
  for (const name of ['after', 'before'] as const) {
    const cursor = args[name];
    if (cursor === null || cursor === undefined) continue;
    if (!CURSOR.test(Buffer.from(cursor, 'base64').toString('latin1'))) {
      const message = 'This is no cursor that this list gave out.';
      throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: [name] });
    }
  }
}
