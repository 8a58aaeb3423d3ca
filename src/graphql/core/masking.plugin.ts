import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { maskError } from './masking.ts';
import type { MaskingScope } from './masking.ts';

/** Masks the errors of results and streams with the request's own id and log. */
export function useMasking(hideSuggestions: boolean): Plugin<MaskedContext> {
  const scopeOf = ({ requestId, log }: MaskedContext): MaskingScope => ({ requestId, log, hideSuggestions });
  const masked = (result: ExecutionResult, context: MaskedContext): ExecutionResult =>
    result.errors
      ? { ...result, errors: result.errors.map((error) => maskError(error, scopeOf(context))) }
      : result;
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult(masked(result, args.contextValue));
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) {
          setResult(masked(result, args.contextValue));
          return;
        }
        return {
          onNext: (event) => {
            if (event.result.errors) event.setResult(masked(event.result, args.contextValue));
          },
        };
      },
      onSubscribeError({ error, setError }) {
        setError(maskError(error, scopeOf(args.contextValue)));
      },
    }),
  };
}

type MaskedContext = Pick<MaskingScope, 'requestId' | 'log'>;
