import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { moderationAfter } from '../../domain/project/moderation.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ModerationStore } from '../ports/moderation-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { readReason } from './moderation-reason.ts';
import { archived, ownProject } from '../project/own-project.ts';

export interface ProjectModerationRequestInput {
  readonly projectId: string;
  readonly comment?: string | null | undefined;
}

/** Asks the operator to let a project take live payments (FEATURES C2). */
export type ProjectModerationRequest = (
  actor: Actor,
  input: ProjectModerationRequestInput,
) => Promise<Result<{ projectId: string }>>;

export interface ProjectModerationRequestDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly moderation: ModerationStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const projectModerationRequest =
  ({ projects, moderation, ids, clock, feed }: ProjectModerationRequestDeps): ProjectModerationRequest =>
  async (actor, { projectId, comment }) => {
    for (;;) {
      const found = await ownProject(projects, actor, 'project:write', projectId);
      if (!found.ok) return found;
      const reason = readReason(comment, 'comment');
      if (!reason.ok) return reason;
      const project = found.value;
      if (project.archivedAt !== null) return archived();
      const to = moderationAfter(project.moderation, 'REQUEST');
      if (to === null) {
        return refuse('WRONG_STATE', `The project is ${project.moderation}.`, 'projectId');
      }
      const at = clock.now();
      const by = eventActor(actor);
      const change = { projectId, from: project.moderation, to, reason: reason.value, actor: by, at };
      const event = stampEvent(projectEvent('project.moderation_requested', project), {
        id: ids.next(),
        actor: by,
        at,
      });
      const outcome = await moderation.changeModeration(
        { id: ids.next(), ...change },
        { archived: false },
        event,
      );
      if (outcome === 'written') {
        feed.poke();
        return done({ projectId });
      }
    }
  };
