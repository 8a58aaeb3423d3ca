import type { StandardSchemaV1 } from '@pothos/plugin-validation';
import { coerceInputValue, isInputObjectType, type GraphQLInputField, type GraphQLSchema } from 'graphql';
import { InvalidInputError } from './errors.ts';
import { invalidInput } from './invalid-input.ts';
import { RELAY_OPTIONS } from './relay-options.ts';

/** An input type of the builder: its name, and what its values look like to a resolver. */
export interface InputRef<T> {
  readonly name: string;
  readonly $inferInput: T;
}

/**
 * Reads JSON as a value of an input type, with the names, scalars and rules by which a GraphQL request is read: what
 * comes over another way is let in and refused alike. Throws InvalidInputError, whose path begins with `at`.
 */
export function readInput<T>(schema: GraphQLSchema, ref: InputRef<T>, json: unknown, at: string): T {
  const type = schema.getType(ref.name);
  if (!isInputObjectType(type)) throw new Error(`${ref.name} is no input type`);
  const value: unknown = coerceInputValue(json, type, (path, _value, { message }) => {
    // Suggestions tell the schema to those who may not read it.
    throw refusal(message.replace(/ Did you mean .*$/, ''), [at, ...path]);
  });
  if (typeof value !== 'object' || value === null) throw refusal('Expected an object.', [at]);
  const fields = Object.entries(value).map(([name, given]: [string, unknown]) => {
    const field = type.getFields()[name];
    return [name, field && given !== null ? checked(field, given, [at, name]) : given];
  });
  // The shape is that of the type, by which it was just coerced.
  return Object.fromEntries(fields) as T;
}

function checked({ extensions }: GraphQLInputField, given: unknown, path: readonly string[]): unknown {
  const rules = extensions['@pothos/plugin-validation'] as
    | { readonly schemas?: readonly StandardSchemaV1[] }
    | undefined;
  for (const rule of rules?.schemas ?? []) {
    const outcome = rule['~standard'].validate(given);
    if (outcome instanceof Promise) throw new Error(`${path.join('.')} is checked asynchronously`);
    if (outcome.issues) throw refusal(invalidInput(outcome.issues).message, path);
  }
  return extensions['isRelayGlobalID'] === true ? decoded(extensions, given, path) : given;
}

/** A global id as resolvers get it, of one of the types that the field takes. */
function decoded(
  extensions: GraphQLInputField['extensions'],
  given: unknown,
  path: readonly string[],
): { typename: string; id: string } {
  const types = extensions['relayGlobalIDFor'] as readonly { readonly typename: string }[] | undefined;
  try {
    const globalId = RELAY_OPTIONS.decodeGlobalID(String(given));
    if (!types || types.some(({ typename }) => typename === globalId.typename)) return globalId;
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
  }
  throw refusal('This is no id that fits here.', path);
}

const refusal = (message: string, path: readonly (string | number)[]): InvalidInputError =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: path.map(String) });
