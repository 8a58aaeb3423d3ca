import { encodeGlobalID } from '../../domain/text/global-id.ts';
import { InvalidInputError } from './errors.ts';

export { encodeGlobalID };

/** Names, descriptions and nullability of what the relay plugin adds by itself. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Every id is `Type:uuid`, base64url. Anything else is refused here, before a query could stumble over it. */
function decodeGlobalID(globalId: string): { typename: string; id: string } {
  const [typename = '', id = ''] = Buffer.from(globalId, 'base64url').toString('utf8').split(':');
  if (!/^[A-Z][A-Za-z]{0,40}$/.test(typename) || !UUID.test(id)) {
    throw new InvalidInputError({ code: 'INVALID_INPUT', message: 'This is no id that this API gave out.' });
  }
  return { typename, id };
}

export const RELAY_OPTIONS = {
  encodeGlobalID,
  decodeGlobalID,
  nodeTypeOptions: { description: 'Anything with a global id.' },
  idFieldOptions: { description: 'Global id: names this thing among all types.' },
  nodeQueryOptions: {
    description: 'The thing with this global id, when it is yours to see.',
    args: { id: { description: 'The global id.' } },
  },
  nodesQueryOptions: false,
  defaultConnectionTypeOptions: { description: 'One page of a list.' },
  defaultEdgeTypeOptions: { description: 'A row of a page.' },
  edgesFieldOptions: { description: 'The rows of the page.', nullable: { list: false, items: false } },
  nodeFieldOptions: { description: 'The row itself.', nullable: false },
  cursorFieldOptions: { description: 'Where this row stands; for `after` and `before`.' },
  pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
  pageInfoFieldOptions: { description: 'Where the page stands in the list.' },
  hasNextPageFieldOptions: { description: 'Whether more rows follow.' },
  hasPreviousPageFieldOptions: { description: 'Whether rows come before.' },
  startCursorFieldOptions: { description: 'The cursor of the first row of the page.' },
  endCursorFieldOptions: { description: 'The cursor of the last row of the page.' },
  beforeArgOptions: { description: 'Only rows before this cursor.' },
  afterArgOptions: { description: 'Only rows after this cursor.' },
  firstArgOptions: { description: 'How many rows from the start, 1 to 100.' },
  lastArgOptions: { description: 'How many rows from the end, 1 to 100.' },
} as const;
