import type { Pool, PoolClient } from 'pg';

/** What graphile-worker tries again after, from 50 milliseconds to 5 seconds later, a hundred times. */
const TRIED_AGAIN = '40001';
/** SQLSTATE class 08 and the ends of a server; errors of the socket. */
const OF_CONNECTION = /^(08|57P0|E[A-Z]+$)/;

/**
 * Makes faults of a connection that was cut, or is not to be had, look to graphile-worker like those after which it tries
 * again. By itself it does so after a few others alone, and a job that ends at that moment is a rejection that nobody
 * catches.
 */
export function makePatient(pool: Pool): void {
  const connect = pool.connect.bind(pool);
  const patiently = (callback?: Parameters<typeof connect>[0]): unknown =>
    callback === undefined ? connect().catch(rethrown) : connect(callback);
  pool.connect = patiently as typeof pool.connect;
  pool.on('connect', (client: PoolClient) => {
    const query: (...args: unknown[]) => unknown = client.query.bind(client);
    const patientQuery = (...args: unknown[]): unknown => {
      const result = query(...args);
      return result instanceof Promise ? result.catch(rethrown) : result;
    };
    client.query = patientQuery as typeof client.query;
  });
}

const rethrown = (error: unknown): never => {
  throw patient(error);
};

function patient(error: unknown): Error {
  const fault = error instanceof Error ? error : new Error(String(error));
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : null;
  const isCut = code === null ? /connection/i.test(fault.message) : OF_CONNECTION.test(code);
  return isCut ? Object.assign(new Error(fault.message, { cause: fault }), { code: TRIED_AGAIN }) : fault;
}
