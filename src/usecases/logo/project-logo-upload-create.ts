import type { Actor } from '../../domain/access/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { signLogoUpload } from './logo-upload-token.ts';
import { archived, ownProject } from '../project/own-project.ts';

export interface LogoUploadLink {
  /** A bearer secret: whoever has it may upload one logo to this project. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Gives a link to which a program or browser sends the file itself (FEATURES C1). */
export type ProjectLogoUploadCreate = (
  actor: Actor,
  input: { projectId: string },
) => Promise<Result<LogoUploadLink>>;

export interface ProjectLogoUploadCreateDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly secrets: Pick<Secrets, 'derive'>;
  readonly clock: Clock;
}

const MINUTES = 10;

export const projectLogoUploadCreate =
  ({ projects, secrets, clock }: ProjectLogoUploadCreateDeps): ProjectLogoUploadCreate =>
  async (actor, { projectId }) => {
    const found = await ownProject(projects, actor, 'project:write', projectId);
    if (!found.ok) return found;
    if (actor.type !== 'USER') return refuse('FORBIDDEN', 'A signed-in person uploads the logo.');
    const { archivedAt, logoId } = found.value;
    if (archivedAt !== null) return archived();
    const expiresAt = new Date(clock.now().getTime() + MINUTES * 60_000);
    const { sessionId } = actor;
    return done({ token: signLogoUpload(secrets, { projectId, sessionId, logoId, expiresAt }), expiresAt });
  };
