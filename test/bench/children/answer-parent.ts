type Handler = (argument: never) => unknown;

interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: never;
}

/** Answers the bench: its questions by name, and what every child is asked. Ends when the bench ends. */
export function answerParent(handlers: Readonly<Record<string, Handler>>, stop: () => Promise<void>): void {
  const all: Readonly<Record<string, Handler>> = {
    ready: () => null,
    cpu: cpuMilliseconds,
    memory,
    ...handlers,
  };
  process.on('message', ({ id, method, argument }: Call) => {
    void Promise.resolve()
      .then(() => {
        const handler = all[method];
        if (!handler) throw new Error(`no handler ${method}`);
        return handler(argument);
      })
      .then(
        (value) => process.send?.({ id, value }),
        (error: unknown) => process.send?.({ id, error: String(error) }),
      );
  });
  process.once('disconnect', () => void stop().finally(() => process.exit(0)));
}

/** Processor time of this process so far. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Bytes that this process holds now. */
function memory(): { rss: number; heap: number } {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** A clock that all processes of the machine share, in milliseconds. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;
