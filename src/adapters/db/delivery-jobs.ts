/** The task that sends one delivery; its payload is `{ deliveryId }` and its key the delivery's id. */
export const DELIVERY_TASK = 'delivery_send';

/**
 * Adds a job for each delivery id of a WITH branch, within the statement's transaction. A job that waits already is
 * replaced; one that runs at the moment is followed by the new one.
 *
 * @param branch name of the WITH branch
 * @param runAt SQL of the time, such as `$2::timestamptz`; NULL is now
 */
export const addDeliveryJobs = (branch: string, runAt = 'NULL'): string => `
  SELECT job.id
  FROM (
    SELECT array_agg(ROW('${DELIVERY_TASK}', json_build_object('deliveryId', id), NULL, ${runAt}, NULL, id::text, NULL,
      NULL)::graphile_worker.job_spec) AS list
    FROM ${branch}
    HAVING count(*) > 0
  ) AS specs, graphile_worker.add_jobs(specs.list) AS job`;
