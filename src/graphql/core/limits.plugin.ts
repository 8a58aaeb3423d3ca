import { GraphQLError, NoSchemaIntrospectionCustomRule, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createLimitRule } from './limit-rules.ts';
import type { Limits } from './limits.ts';

export interface LimitsOptions {
  readonly limits: Limits;
  /** Off: no introspection, and no "Did you mean" in messages, which would tell the schema piece by piece. */
  readonly introspection: boolean;
}

/** Refuses documents that ask for too much, before anything of them is executed. */
export function useLimits({ limits, introspection }: LimitsOptions): Plugin {
  const limitRule = createLimitRule(limits);
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => boundedParse(source, options, limits.tokens));
    },
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(limitRule);
      if (introspection) return;
      addValidationRule(NoSchemaIntrospectionCustomRule);
      setValidationFn((schema, document, rules, options) =>
        validate(schema, document, rules, { ...options, hideSuggestions: true }),
      );
    },
  };
}

function boundedParse(
  source: Parameters<typeof parse>[0],
  options: Parameters<typeof parse>[1],
  maxTokens: number,
) {
  try {
    return parse(source, { ...options, maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('tokens. Parsing aborted')) {
      throw new GraphQLError(`The document has more than ${maxTokens} tokens.`, {
        extensions: { code: 'LIMIT_EXCEEDED', limit: { kind: 'tokens', allowed: maxTokens } },
      });
    }
    throw error;
  }
}
