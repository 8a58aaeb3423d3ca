import type { Pool } from 'pg';
import type { LogoStore } from '../../usecases/ports/logo-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

/** $1 project, $2 the logo seen, $3 the new one or null, $4 its image, $5 now, $6 the event. */
const CHANGE_LOGO = `
  WITH changed AS (
    UPDATE project SET logo_id = $3::uuid
    WHERE id = $1 AND archived_at IS NULL AND logo_id IS NOT DISTINCT FROM $2::uuid
    RETURNING id
  ), stored AS (
    INSERT INTO project_logo (id, project_id, image, created_at)
    SELECT $3::uuid, id, $4::bytea, $5::timestamptz FROM changed WHERE $3::uuid IS NOT NULL
  ), replaced AS (
    DELETE FROM project_logo WHERE project_id = $1 AND id = $2::uuid AND EXISTS (SELECT FROM changed)
  ), told AS (
    ${insertEvents('$6', 'EXISTS (SELECT FROM changed)')}
  )
  SELECT id FROM changed`;

export function createLogoStore(pool: Pool): LogoStore {
  return {
    async changeLogo({ projectId, seen, logo, at }, event) {
      const image = logo && Buffer.from(logo.image);
      const values = [projectId, seen, logo?.id ?? null, image, at, eventRows([event])];
      const { rowCount } = await pool.query({ text: CHANGE_LOGO, values });
      return rowCount === 1 ? 'written' : 'stale';
    },

    async imageOf(logoId) {
      const { rows } = await pool.query<{ image: Buffer }>({
        name: 'logo_image',
        text: 'SELECT image FROM project_logo WHERE id = $1',
        values: [logoId],
      });
      return rows[0]?.image ?? null;
    },
  };
}
