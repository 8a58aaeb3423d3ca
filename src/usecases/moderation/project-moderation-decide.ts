import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { DECISION_STEPS, moderationAfter, type ModerationDecision } from '../../domain/project/moderation.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { readReason } from './moderation-reason.ts';
import type { ProjectModerationRequestDeps } from './project-moderation-request.ts';

export interface ProjectModerationDecideInput {
  readonly projectId: string;
  readonly decision: ModerationDecision;
  /** Told to the merchant; needed where the merchant loses something. */
  readonly reason?: string | null | undefined;
}

/**
 * The operator approves, rejects, blocks, or takes the block off (FEATURES C2). The project of an archive can be
 * decided too: a block must not wait until it is restored.
 * Refusals: FORBIDDEN, INVALID_INPUT, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type ProjectModerationDecide = (
  actor: Actor,
  input: ProjectModerationDecideInput,
) => Promise<Result<{ projectId: string }>>;

export const projectModerationDecide =
  ({ projects, moderation, ids, clock, feed }: ProjectModerationRequestDeps): ProjectModerationDecide =>
  async (actor, { projectId, decision, reason: words }) => {
    if (actor.type !== 'OPERATOR' || !mayOperate(actor, 'project:moderate')) {
      return refuse('FORBIDDEN', 'You are not allowed to do this.');
    }
    const reason = readReason(words, 'reason');
    if (!reason.ok) return reason;
    if (reason.value === null && (decision === 'REJECTED' || decision === 'BLOCKED')) {
      return refuse('INVALID_INPUT', 'Tell the merchant why.', 'reason');
    }
    const missing = stepUpMissing(actor, clock.now());
    if (missing) return missing;
    for (;;) {
      const project = await projects.projectById(projectId);
      if (!project) return refuse('NOT_FOUND', 'There is no such project.', 'projectId');
      const from = project.moderation;
      const to = moderationAfter(from, DECISION_STEPS[decision]);
      if (to === null) return refuse('WRONG_STATE', `The project is ${from}.`, 'decision');
      const at = clock.now();
      const by = eventActor(actor);
      const event = stampEvent(
        projectEvent('project.moderation_decided', project, { from, to, reason: reason.value }),
        { id: ids.next(), actor: by, at },
      );
      const outcome = await moderation.changeModeration(
        { id: ids.next(), projectId, from, to, reason: reason.value, actor: by, at },
        { archived: 'either' },
        event,
      );
      if (outcome === 'written') {
        feed.poke();
        return done({ projectId });
      }
    }
  };
