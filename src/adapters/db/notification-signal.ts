/** Where it is announced that people have something new in their notification centres: ids of persons, or `*` for all. */
export const NOTIFICATION_CHANNEL = 'paybell_notification';

/** What fits into a notification of PostgreSQL, which takes 8000 bytes. */
const MOST_NAMED = 200;

/**
 * Announces the persons of a WITH branch at the commit of the statement.
 *
 * @param branch name of the WITH branch, with `user_id`
 */
export const announceNotifications = (branch: string): string => `
    SELECT pg_notify('${NOTIFICATION_CHANNEL}', CASE WHEN count(*) > ${MOST_NAMED} THEN '*'
      ELSE string_agg(user_id::text, ',') END)
    FROM (SELECT DISTINCT user_id FROM ${branch}) AS persons
    HAVING count(*) > 0`;
