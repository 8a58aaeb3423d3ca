import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { identityChange, moderationAfter, type Moderation } from '../../domain/project/moderation.ts';
import { projectEvent } from '../../domain/project/project-event.ts';
import { PROJECT_NAME_RULE, projectName } from '../../domain/project/project-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { NewModerationChange } from '../ports/moderation-store.ts';
import type { ProjectPatch, ProjectSettingsStore } from '../ports/project-settings-store.ts';
import type { ProjectRecord, ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { readDefaults, type DefaultsInput } from './defaults-input.ts';
import { archived, ownProject } from './own-project.ts';
import { readPage, type PageInput } from './page-input.ts';

/** What is left out stays as it is; null is the default. */
export interface ProjectUpdateInput {
  readonly projectId: string;
  readonly name?: string | null | undefined;
  readonly siteUrl?: string | null | undefined;
  readonly page?: PageInput | null | undefined;
  readonly defaults?: DefaultsInput | null | undefined;
  /** Says yes to losing the approval for a new name or site. */
  readonly restartModeration?: boolean | null | undefined;
}

/**
 * Changes a project's name, site, payment page and defaults (FEATURES C1, C4). A new name or site of an approved
 * project needs `restartModeration` and puts it ON_MODERATION; while the operator looks, both are fixed.
 */
export type ProjectUpdate = (
  actor: Actor,
  input: ProjectUpdateInput,
) => Promise<Result<{ projectId: string }>>;

export interface ProjectUpdateDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly projectSettings: Pick<ProjectSettingsStore, 'updateProject'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
  /** ACTIVE where the operator moderates nobody: a new name needs no second look there. */
  readonly initialModeration: Moderation;
}

export const projectUpdate =
  (deps: ProjectUpdateDeps): ProjectUpdate =>
  async (actor, input) => {
    for (;;) {
      const found = await ownProject(deps.projects, actor, 'project:write', input.projectId);
      if (!found.ok) return found;
      const project = found.value;
      const read = readPatch(input);
      if (!read.ok) return read;
      const patch = read.value;
      if (Object.keys(patch).length === 0) return done({ projectId: project.id });
      if (project.archivedAt !== null) return archived();
      const review = reviewOf(deps, actor, project, patch, input.restartModeration === true);
      if (!review.ok) return review;
      const events = eventsOf(deps, actor, project, patch, review.value !== null);
      const seen = { name: project.name, siteUrl: project.siteUrl, moderation: project.moderation };
      const update = { projectId: project.id, patch, seen, review: review.value };
      if ((await deps.projectSettings.updateProject(update, events)) === 'written') {
        deps.feed.poke();
        return done({ projectId: project.id });
      }
      // Another writer was first: look again at what the project is now.
    }
  };

function readPatch(input: ProjectUpdateInput): Result<ProjectPatch> {
  const name = input.name === undefined ? undefined : projectName(input.name ?? '');
  if (name === null) return refuse('INVALID_INPUT', PROJECT_NAME_RULE, 'name');
  const page = readPage(input.page);
  if (!page.ok) return page;
  const defaults = readDefaults(input.defaults);
  if (!defaults.ok) return defaults;
  return done({
    ...defaults.value,
    ...(name === undefined ? {} : { name }),
    ...(input.siteUrl === undefined ? {} : { siteUrl: input.siteUrl }),
    ...(Object.keys(page.value).length === 0 ? {} : { page: page.value }),
  });
}

/** The step back to moderation that the change needs; null when it needs none. */
function reviewOf(
  { ids, clock, initialModeration }: ProjectUpdateDeps,
  actor: Actor,
  project: ProjectRecord,
  patch: ProjectPatch,
  agreed: boolean,
): Result<NewModerationChange | null> {
  const { name = project.name, siteUrl = project.siteUrl } = patch;
  if (name === project.name && siteUrl === project.siteUrl) return done(null);
  const { moderation } = project;
  const kind = identityChange(moderation);
  const field = name === project.name ? 'siteUrl' : 'name';
  if (kind === 'FIXED') {
    return refuse('WRONG_STATE', `Name and site are fixed while the project is ${moderation}.`, field);
  }
  const to = moderationAfter(moderation, 'REVIEW_AGAIN');
  if (kind === 'FREE' || to === null || initialModeration === 'ACTIVE') return done(null);
  if (!agreed) {
    return refuse(
      'WRONG_STATE',
      'A new name or site needs a new approval, and live payments stop until then; repeat with restartModeration to have it so.',
      'restartModeration',
    );
  }
  return done({
    id: ids.next(),
    projectId: project.id,
    from: moderation,
    to,
    reason: 'Name or site was changed.',
    actor: eventActor(actor),
    at: clock.now(),
  });
}

function eventsOf(
  { ids, clock }: ProjectUpdateDeps,
  actor: Actor,
  project: ProjectRecord,
  patch: ProjectPatch,
  reviewed: boolean,
) {
  const { page, ...own } = patch;
  const changed = [...Object.keys(own), ...Object.keys(page ?? {}).map((name) => `page.${name}`)];
  const present = { ...project, name: patch.name ?? project.name };
  const drafts = [
    projectEvent('project.updated', present, { changed: changed.join(', ') }),
    ...(reviewed ? [projectEvent('project.moderation_requested', present)] : []),
  ];
  const stamp = { actor: eventActor(actor), at: clock.now() };
  return drafts.map((draft) => stampEvent(draft, { ...stamp, id: ids.next() }));
}
