/** Whether the operator let the project take live payments (FEATURES C2). */
export type Moderation = 'NOT_REQUESTED' | 'ON_MODERATION' | 'ACTIVE' | 'REJECTED' | 'BLOCKED';

/** What moves it: the merchant asks or changes what was approved, the operator decides. */
export type ModerationStep = 'REQUEST' | 'REVIEW_AGAIN' | 'APPROVE' | 'REJECT' | 'BLOCK' | 'UNBLOCK';

const NEXT: Readonly<Record<Moderation, Readonly<Partial<Record<ModerationStep, Moderation>>>>> = {
  NOT_REQUESTED: { REQUEST: 'ON_MODERATION' },
  ON_MODERATION: { APPROVE: 'ACTIVE', REJECT: 'REJECTED' },
  ACTIVE: { BLOCK: 'BLOCKED', REVIEW_AGAIN: 'ON_MODERATION' },
  REJECTED: { REQUEST: 'ON_MODERATION' },
  BLOCKED: { UNBLOCK: 'ACTIVE' },
};

/** The state after the step; null when the step cannot be taken from here. */
export const moderationAfter = (state: Moderation, step: ModerationStep): Moderation | null =>
  NEXT[state][step] ?? null;

/**
 * What an operator decides. Each fits one state only: an approval that comes late or twice, after another operator
 * blocked the project, must not lift the block.
 */
export const DECISION_STEPS = {
  ACTIVE: 'APPROVE',
  REJECTED: 'REJECT',
  BLOCKED: 'BLOCK',
  UNBLOCKED: 'UNBLOCK',
} as const satisfies Readonly<Record<string, ModerationStep>>;

export type ModerationDecision = keyof typeof DECISION_STEPS;

/** What the operator looks at: the name and the site that payers trust. */
export interface ProjectIdentity {
  readonly name: string;
  readonly siteUrl: string | null;
}

/**
 * What a new name or site means. An approved shop that turns into another one is a known fraud, so the operator looks
 * again; and what is being looked at, or was blocked, stays as it is.
 */
export function identityChange(state: Moderation): 'FREE' | 'REVIEW_AGAIN' | 'FIXED' {
  if (state === 'ACTIVE') return 'REVIEW_AGAIN';
  return state === 'ON_MODERATION' || state === 'BLOCKED' ? 'FIXED' : 'FREE';
}

export interface ProjectStanding {
  readonly moderation: Moderation;
  readonly archivedAt: Date | null;
}

/** Why the project takes no live payments; null when it does. */
export function liveBarrier({ moderation }: Pick<ProjectStanding, 'moderation'>): string | null {
  if (moderation === 'ACTIVE') return null;
  if (moderation === 'BLOCKED') return 'The operator blocked this project: it takes no live payments.';
  return 'Live payments and live keys need a project that passed moderation.';
}

/** Why nothing new can be made in the project in this mode: neither invoice nor key. Null when it can. */
export const newBarrier = (project: ProjectStanding, mode: 'TEST' | 'LIVE'): string | null =>
  project.archivedAt === null
    ? mode === 'LIVE'
      ? liveBarrier(project)
      : null
    : 'The project is archived: restore it first.';
