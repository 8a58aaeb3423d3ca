import SchemaBuilder, { BasePlugin, PothosValidationError } from '@pothos/core';
import type { PothosOutputFieldConfig, SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { InvalidInputError } from './errors.ts';

const PLUGIN = 'inputRefusals';
/** Page size of every connection (FEATURES A: 1 to 100). */
export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 20;

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the way Pothos is told of a plugin
  export namespace PothosSchemaTypes {
    // oxlint-disable-next-line no-unused-vars -- must repeat Pothos' own parameter
    export interface Plugins<Types extends SchemaTypes> {
      inputRefusals: InputRefusalsPlugin<Types>;
    }
  }
}

type Resolve<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/**
 * Holds an input refusal back until the caller's rights have been checked, then throws it where the errors plugin
 * sees it. Pothos maps and validates arguments before authorization; its own switch for typed input errors
 * (`unsafelyHandleInputErrors`) would answer strangers. Stands right after scope-auth in the list of plugins.
 */
export class InputRefusalsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  readonly #held = new WeakMap<object, InvalidInputError>();

  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const hold = (args: object, error: unknown) => {
      const copy: Record<string, unknown> = { ...args };
      this.#held.set(copy, asInvalidInput(error));
      return copy;
    };
    const argMappers = field.argMappers.map(
      (mapper): (typeof field.argMappers)[number] =>
        (args, context, info) => {
          if (this.#held.has(args)) return args;
          try {
            const mapped = mapper(args, context, info);
            return mapped instanceof Promise ? mapped.catch((error: unknown) => hold(args, error)) : mapped;
          } catch (error) {
            return hold(args, error);
          }
        },
    );
    return { ...field, argMappers };
  }

  override wrapResolve(resolve: Resolve<Types>, field: PothosOutputFieldConfig<Types>): Resolve<Types> {
    return this.#guard(resolve, field);
  }

  override wrapSubscribe(
    subscribe: Resolve<Types> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolve<Types> | undefined {
    return subscribe && this.#guard(subscribe, field);
  }

  #guard(inner: Resolve<Types>, field: PothosOutputFieldConfig<Types>): Resolve<Types> {
    const isPaged = 'first' in field.args || 'last' in field.args;
    if (field.argMappers.length === 0 && !isPaged) return inner;
    return (parent, args, context, info) => {
      const refusal = this.#held.get(args);
      if (refusal) throw refusal;
      if (isPaged) checkPage(args);
      return inner(parent, args, context, info);
    };
  }
}

/** Faults stay faults; what Pothos or a schema says about the input is a refusal. */
function asInvalidInput(error: unknown): InvalidInputError {
  if (error instanceof InvalidInputError) return error;
  if (error instanceof PothosValidationError) {
    return new InvalidInputError({ code: 'INVALID_INPUT', message: error.message });
  }
  throw error;
}

function checkPage(args: { first?: unknown; last?: unknown }): void {
  for (const name of ['first', 'last'] as const) {
    const size = args[name];
    if (typeof size === 'number' && (size < 1 || size > MAX_PAGE)) {
      const message = `${name} must be between 1 and ${MAX_PAGE}.`;
      throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: [name] });
    }
  }
}

SchemaBuilder.registerPlugin(PLUGIN, InputRefusalsPlugin);
export default PLUGIN;
