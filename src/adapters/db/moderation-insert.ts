import type { NewModerationChange } from '../../usecases/ports/moderation-store.ts';

/**
 * The INSERT that adds to the history of moderation within a bigger statement.
 *
 * @param parameter where `moderationRows` is bound, such as `$4`
 * @param condition a WHERE condition of trusted SQL: no change, no history
 */
export const insertModerationChange = (parameter: `$${number}`, condition = 'true'): string => `
  INSERT INTO moderation_change (id, project_id, "from", "to", reason, actor, created_at)
  SELECT m.id, m.project_id, m."from", m."to", m.reason, m.actor, m.created_at
  FROM jsonb_to_recordset(${parameter}::jsonb) AS m (
    id uuid, project_id uuid, "from" "Moderation", "to" "Moderation", reason text, actor jsonb,
    created_at timestamptz
  )
  WHERE ${condition}`;

/** The changes as the jsonb text that `insertModerationChange` reads. */
export const moderationRows = (changes: readonly NewModerationChange[]): string =>
  JSON.stringify(
    changes.map(({ id, projectId, from, to, reason, actor, at }) => ({
      id,
      project_id: projectId,
      from,
      to,
      reason,
      actor,
      created_at: at,
    })),
  );
