/** The tasks that send deliveries; the payload is `{ deliveryId }`. */
export const DELIVERY_TASKS = { MAIL: 'delivery_send', CHAT: 'chat_send', WEBHOOK: 'webhook_send' } as const;

/** The task that sends an endpoint again what happened since a time, page by page. */
export const WEBHOOK_REPLAY_TASK = 'webhook_replay';

/** Whether a delivery goes to a chat. */
export const IS_CHAT = `channel IN ('INFO_BOT', 'MERCHANT_BOT')`;

/** The queue of a chat, and the key of the job that sends it what is due. */
export const CHAT_KEY = `channel::text || ':' || target`;

/** The key of the job that begins to send a chat what is held until a time: one however much that is. */
export const HELD_CHAT_KEY = `${CHAT_KEY} || ':' || extract(epoch FROM next_attempt_at)`;

const TASK = `CASE
  WHEN ${IS_CHAT} THEN '${DELIVERY_TASKS.CHAT}'
  WHEN channel = 'WEBHOOK' THEN '${DELIVERY_TASKS.WEBHOOK}'
  ELSE '${DELIVERY_TASKS.MAIL}' END`;

/** A look for jobs of one task passes over those of tasks with a lesser number: first the one with the fewest. */
const PRIORITY = `CASE WHEN ${IS_CHAT} THEN 0 WHEN channel = 'WEBHOOK' THEN 1 ELSE 2 END`;

/**
 * Adds the jobs that send the deliveries of a WITH branch, within the statement's transaction: one for each, with its id
 * as the key, but one for all of a chat that come at the same time, since they go one after the other in any case. A job
 * that waits already is replaced; one that runs at the moment is followed by the new one, which waits for it where it is
 * a chat's.
 *
 * @param branch name of the WITH branch, with `id`, `channel`, `target` and `next_attempt_at`, when the job runs; NULL is now
 */
export const addDeliveryJobs = (branch: string): string =>
  addJobs(
    branch,
    `CASE WHEN NOT ${IS_CHAT} THEN id::text
      WHEN coalesce(next_attempt_at, now()) <= now() THEN ${CHAT_KEY} ELSE ${HELD_CHAT_KEY} END`,
  );

/**
 * As `addDeliveryJobs`, where what is due to a chat waits until `next_attempt_at` as well: it is moved, and comes sooner
 * when something new does.
 */
export const moveDeliveryJobs = (branch: string): string =>
  addJobs(branch, `CASE WHEN ${IS_CHAT} THEN ${CHAT_KEY} ELSE id::text END`);

/**
 * The jobs with these keys are held first: one that is taken in the middle of `add_jobs` would neither be replaced nor
 * followed. In the order of the keys, so that of two who hold several none waits for the other in a circle.
 */
const addJobs = (branch: string, key: string): string => `
  SELECT added.id FROM (
    WITH spec AS (
      SELECT DISTINCT ON (key) * FROM (
        SELECT id, ${TASK} AS task, CASE WHEN ${IS_CHAT} THEN ${CHAT_KEY} END AS queue, ${PRIORITY} AS priority,
          coalesce(next_attempt_at, now()) AS run_at, ${key} AS key
        FROM ${branch}
      ) AS each
      ORDER BY key, id
    ), held AS MATERIALIZED (
      SELECT job.id FROM graphile_worker._private_jobs AS job
      WHERE job.key IN (SELECT key FROM spec) ORDER BY job.key FOR UPDATE
    ), listed AS (
      SELECT array_agg(ROW(task, json_build_object('deliveryId', id), queue, run_at, NULL, key, priority, NULL)
        ::graphile_worker.job_spec ORDER BY key) AS list, (SELECT count(*) FROM held) AS held
      FROM spec
      HAVING count(*) > 0
    )
    SELECT job.id FROM listed, graphile_worker.add_jobs(CASE WHEN listed.held >= 0 THEN listed.list END) AS job
  ) AS added`;
