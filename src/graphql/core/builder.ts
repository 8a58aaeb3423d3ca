import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin from '@pothos/plugin-validation';
import type { OperatorRight, Place, Right } from '../../domain/access/rights.ts';
import { may, mayOperate } from '../../domain/access/rights.ts';
import type PrismaTypes from '../../generated/pothos-types.ts';
import { getDatamodel } from '../../generated/pothos-types.ts';
import type {
  ApiKeyContext,
  GraphQLContext,
  OperatorContext,
  PersonContext,
  SessionContext,
  UserContext,
} from './context.ts';
import BoundCursorsPlugin from './bound-cursors.plugin.ts';
import { fieldCost } from './cost.ts';
import { forbidden, InvalidInputError, sessionLocked, unauthenticated } from './errors.ts';
import InputRefusalsPlugin, { DEFAULT_PAGE, MAX_PAGE } from './input-refusals.plugin.ts';
import { invalidInput } from './invalid-input.ts';
import { RELAY_OPTIONS } from './relay-options.ts';
import * as scalars from './scalars.ts';
import type { ScalarShapes } from './scalars.ts';

interface SchemaShape {
  PrismaTypes: PrismaTypes;
  Context: GraphQLContext;
  Scalars: ScalarShapes;
  AuthScopes: {
    /** Any signed-in person or API key. */
    authenticated: boolean;
    /** A person who works for merchants. */
    user: boolean;
    /** Any signed-in person, an operator too. */
    person: boolean;
    /** Any signed-in person, also while the session waits for its PIN. */
    session: boolean;
    apiKey: boolean;
    /** An operator with this right. */
    operator: OperatorRight;
    /** Whether the actor may do this there (`may` of domain/access). */
    right: { right: Right; place: Place };
  };
  AuthContexts: {
    user: UserContext;
    person: PersonContext;
    session: SessionContext;
    operator: OperatorContext;
    apiKey: ApiKeyContext;
  };
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
}

/**
 * Builds the schema. Output fields are non-null unless they say `nullable: true`; arguments are optional unless
 * they say `required: true`. The order of the plugins is the order of their wrapping, outermost first: errors sees
 * what all others throw, and nothing but errors runs before authorization. Validation is last, so that it gets the
 * arguments as they were sent, and relay decodes global ids from what passed.
 */
export const builder = new SchemaBuilder<SchemaShape>({
  plugins: [
    ErrorsPlugin,
    ScopeAuthPlugin,
    InputRefusalsPlugin,
    RelayPlugin,
    PrismaPlugin,
    BoundCursorsPlugin,
    ComplexityPlugin,
    ValidationPlugin,
  ],
  defaultFieldNullability: false,
  errors: {
    directResult: true,
    defaultTypes: [InvalidInputError],
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
      description: 'What came of it: the result, or why it was refused.',
    },
  },
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ actor }) => ({
      authenticated: actor.type === 'USER' || actor.type === 'OPERATOR' || actor.type === 'API_KEY',
      user: actor.type === 'USER',
      person: actor.type === 'USER' || actor.type === 'OPERATOR',
      session: actor.type === 'USER' || actor.type === 'OPERATOR' || actor.type === 'LOCKED',
      operator: (right) => mayOperate(actor, right),
      apiKey: actor.type === 'API_KEY',
      right: ({ right, place }) => may(actor, right, place),
    }),
    unauthorizedError: (_parent, { actor }) => {
      if (actor.type === 'LOCKED') return sessionLocked();
      return actor.type === 'ANONYMOUS' ? unauthenticated() : forbidden();
    },
  },
  relay: RELAY_OPTIONS,
  prisma: {
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    filterConnectionTotalCount: true,
    maxConnectionSize: MAX_PAGE,
    defaultConnectionSize: DEFAULT_PAGE,
    onUnusedQuery: 'error',
  },
  complexity: { fieldComplexity: fieldCost },
  validation: { validationError: ({ issues }) => invalidInput(issues) },
});

builder.addScalarType('Decimal', scalars.DecimalScalar);
builder.addScalarType('BigInt', scalars.BigIntScalar);
builder.addScalarType('DateTime', scalars.DateTimeScalar);
builder.addScalarType('Date', scalars.DateScalar);
builder.addScalarType('URL', scalars.UrlScalar);
builder.addScalarType('JSON', scalars.JsonScalar);
builder.addScalarType('EventCursor', scalars.EventCursorScalar);

builder.queryType({ description: 'Reads. Nothing here changes anything.' });
builder.mutationType({ description: 'Changes, named noun first. Each gives its result or a typed refusal.' });
builder.subscriptionType({ description: 'Live streams over WebSocket or server-sent events.' });
