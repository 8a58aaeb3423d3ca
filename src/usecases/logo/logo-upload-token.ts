import type { Secrets } from '../ports/secrets.ts';

/** What a link for the upload of a logo is good for. */
export interface LogoUpload {
  readonly projectId: string;
  /** The session that asked for the link: its rights count when the file comes. */
  readonly sessionId: string;
  /** The logo that the upload takes the place of, so that a link is good for one upload only. */
  readonly logoId: string | null;
  readonly expiresAt: Date;
}

const PURPOSE = 'LOGO_UPLOAD';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const CLAIMS = new RegExp(`^(${UUID})\\.(${UUID})\\.(${UUID}|none)\\.(\\d{13,15})$`);

/** A signed statement that nothing is kept of: everything that it says is in it. */
export function signLogoUpload(secrets: Pick<Secrets, 'derive'>, upload: LogoUpload): string {
  const { projectId, sessionId, logoId, expiresAt } = upload;
  const claims = [projectId, sessionId, logoId ?? 'none', expiresAt.getTime()].join('.');
  return `${claims}.${secrets.derive(PURPOSE, claims).secret}`;
}

/** What the token says; null when this gateway did not sign it. Whether it is too old is another question. */
export function readLogoUpload(secrets: Pick<Secrets, 'derive' | 'equal'>, token: string): LogoUpload | null {
  const end = token.lastIndexOf('.');
  const claims = token.slice(0, Math.max(end, 0));
  const [, projectId, sessionId, logoId, expires] = CLAIMS.exec(claims) ?? [];
  if (!projectId || !sessionId || !logoId || !expires) return null;
  if (!secrets.equal(token.slice(end + 1), secrets.derive(PURPOSE, claims).secret)) return null;
  return {
    projectId,
    sessionId,
    logoId: logoId === 'none' ? null : logoId,
    expiresAt: new Date(Number(expires)),
  };
}
