import type { z } from 'zod';

export interface JobContext {
  /** Aborts when the process stops and the job has not ended in time. */
  readonly signal: AbortSignal;
  /** 1 at the first run. A run that a crash ended counts. */
  readonly attempt: number;
}

/** A job as the runner sees it. */
export interface RunnableJob {
  readonly name: string;
  /** Throws when the payload is not what the schema says. */
  run(payload: unknown, context: JobContext): Promise<void>;
}

/** A job is a name, a schema and an implementation; its payload is parsed when it runs. */
export function defineJob<T>(definition: {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly run: (payload: T, context: JobContext) => Promise<void>;
}): RunnableJob {
  const { name, schema, run } = definition;
  return {
    name,
    run: async (payload, context) => run(schema.parse(payload), context),
  };
}
