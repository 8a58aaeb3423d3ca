import type { Client } from '../../domain/access/actor.ts';
import { memberMay } from '../../domain/access/rights.ts';
import { sessionState } from '../../domain/account/session-state.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { LogoEncoder } from '../ports/logo-encoder.ts';
import type { LogoStore } from '../ports/logo-store.ts';
import type { ProjectRecord, ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { SessionStore } from '../ports/session-store.ts';
import { done, refuse, tooMany, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { readLogoUpload } from './logo-upload-token.ts';

export interface ProjectLogoUploadInput {
  readonly token: string;
  readonly client: Client;
  /** The file. Asked for only when the link is good; what it throws is thrown on. */
  readonly file: () => Promise<Uint8Array>;
}

/** Takes the file that was sent to a link, and makes it the project's logo (FEATURES C1, RULES 19). */
export type ProjectLogoUpload = (input: ProjectLogoUploadInput) => Promise<Result<{ logoId: string }>>;

export interface ProjectLogoUploadDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly sessions: Pick<SessionStore, 'sessionById'>;
  readonly logos: Pick<LogoStore, 'changeLogo'>;
  readonly logoEncoder: LogoEncoder;
  readonly limits: AttemptLimits;
  readonly secrets: Pick<Secrets, 'derive' | 'equal'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** When a gateway that decodes other pictures may be asked again. */
const BUSY_SECONDS = 10;

const FAULTS = {
  unsupported: 'A logo is a PNG, JPEG or WebP file.',
  damaged: 'The picture cannot be read, or has too many pixels.',
} as const;

const badLink = (): Result<never> =>
  refuse('INVALID_TOKEN', 'The link is used, expired, or none that this gateway gave out.');

export const projectLogoUpload =
  (deps: ProjectLogoUploadDeps): ProjectLogoUpload =>
  async ({ token, client, file }) => {
    const { logos, logoEncoder, limits, ids, clock, feed } = deps;
    const place = await uploadPlace(deps, token);
    if (!place) return badLink();
    const { userId } = place;
    const limited = await takeAttempt(limits, 'upload', { account: userId }, clock.now());
    if (limited) return limited;
    const image = await logoEncoder.encode(await file());
    if (image === 'busy') return tooMany(BUSY_SECONDS);
    if (image === 'unsupported' || image === 'damaged') return refuse('INVALID_INPUT', FAULTS[image]);
    // The file took its time, and session or right may have ended meanwhile.
    const still = await uploadPlace(deps, token);
    if (!still) return badLink();
    const { project } = still;
    const at = clock.now();
    const logo = { id: ids.next(), image };
    const event = stampEvent(projectEvent('project.updated', project, { changed: 'logo' }), {
      id: ids.next(),
      actor: { type: 'USER', id: userId, ...client },
      at,
    });
    const change = { projectId: project.id, seen: project.logoId, logo, at };
    if ((await logos.changeLogo(change, event)) === 'stale') return badLink();
    feed.poke();
    return done({ logoId: logo.id });
  };

/** The project and the person of a link that is good at this moment: the session lives and has the right still. */
async function uploadPlace(
  { projects, sessions, secrets, clock }: ProjectLogoUploadDeps,
  token: string,
): Promise<{ project: ProjectRecord; userId: string } | null> {
  const upload = readLogoUpload(secrets, token);
  const at = clock.now();
  if (!upload || at >= upload.expiresAt) return null;
  const { projectId } = upload;
  const project = await projects.projectById(projectId);
  const session = await sessions.sessionById(upload.sessionId);
  if (!project || project.logoId !== upload.logoId || project.archivedAt !== null) return null;
  if (!session || sessionState(session, at).state !== 'OPEN') return null;
  const membership = session.memberships.find((m) => m.merchantId === project.merchantId);
  if (!membership || !memberMay(membership, 'project:write', projectId)) return null;
  return { project, userId: session.userId };
}
