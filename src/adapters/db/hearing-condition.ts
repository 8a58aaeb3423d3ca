/**
 * SQL: whether the row is something that the person may read of (`mayHear` of the domain).
 *
 * @param row name of the table in the statement, with event_type, merchant_id and project_id
 * @param own the parameter with the person's own types, text[]
 * @param grants the parameter with the grants as JSON
 */
export const isHeard = (row: string, own: string, grants: string): string => `
  (${row}.event_type = ANY(${own}::text[]) OR EXISTS (
    SELECT FROM jsonb_to_recordset(${grants}::jsonb)
      AS g ("merchantId" uuid, everywhere boolean, "projectId" uuid, types text[])
    WHERE g."merchantId" = ${row}.merchant_id AND ${row}.event_type = ANY(g.types)
      AND (g.everywhere OR g."projectId" IS NOT DISTINCT FROM ${row}.project_id)))`;
