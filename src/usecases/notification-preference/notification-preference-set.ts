import type { PersonActor } from '../../domain/access/actor.ts';
import type { EventCategory, PersonalChannel } from '../../domain/event/event-row.ts';
import { isChoosable } from '../../domain/notification/preference-matrix.ts';
import { isAlwaysOn } from '../../domain/notification/preferences.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { NotificationPreferenceStore } from '../ports/notification-preference-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { ownProject } from '../project/own-project.ts';
import { done, refuse, type Result } from '../result.ts';

export interface NotificationPreferenceSetInput {
  /** Null: for all projects. */
  readonly projectId: string | null;
  /** Null: the channel as a whole. */
  readonly category: EventCategory | null;
  readonly channel: PersonalChannel;
  /** Null: as the catalogue says. */
  readonly enabled: boolean | null;
}

/** Chooses whether a person is told of a category over a channel (FEATURES N7). Security mail stays on (RULES 16). */
export type NotificationPreferenceSet = (
  actor: PersonActor,
  input: NotificationPreferenceSetInput,
) => Promise<Result<null>>;

export interface NotificationPreferenceSetDeps {
  readonly notificationPreferences: Pick<NotificationPreferenceStore, 'choose'>;
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly ids: IdSource;
  readonly clock: Clock;
}

export const notificationPreferenceSet =
  ({
    notificationPreferences,
    projects,
    ids,
    clock,
  }: NotificationPreferenceSetDeps): NotificationPreferenceSet =>
  async (actor, input) => {
    const { projectId, category, channel, enabled } = input;
    if (projectId !== null) {
      const project = await ownProject(projects, actor, 'project:read', projectId);
      if (!project.ok) return project;
    }
    if (!isChoosable(category, channel))
      return refuse('INVALID_INPUT', 'Nothing of this kind is told over this channel.', 'channel');
    if (enabled === false && isAlwaysOn(category, channel))
      return refuse(
        'INVALID_INPUT',
        'E-mail about the safety of the account cannot be switched off.',
        'enabled',
      );
    const { userId } = actor;
    await notificationPreferences.choose({ id: ids.next(), userId, ...input, at: clock.now() });
    return done(null);
  };
