/** Rows of one statement: the events in its transaction hold back all readers of younger ones. */
const MOST_AT_ONCE = 5000;

/** Why what waited for an endpoint is not sent. */
export const ENDPOINT_DISABLED = 'the endpoint is disabled';

/**
 * Ends what waits for endpoints that were just disabled or deleted, within the statement that does it. What is being sent
 * at the moment is left to its own job, which finds the endpoint disabled: nobody waits for it here. So is what is beyond
 * some thousands.
 *
 * @param endpoints trusted SQL that gives their ids
 */
export const endWaiting = (endpoints: string): string => `
    UPDATE delivery SET status = 'FAILED', last_error = '${ENDPOINT_DISABLED}', next_attempt_at = NULL
    WHERE id IN (
      SELECT waiting.id FROM delivery AS waiting
      WHERE waiting.status = 'PENDING' AND waiting.channel = 'WEBHOOK'
        AND waiting.target IN (SELECT gone.id::text FROM ${endpoints} AS gone)
      ORDER BY waiting.id LIMIT ${MOST_AT_ONCE} FOR UPDATE SKIP LOCKED
    )`;
