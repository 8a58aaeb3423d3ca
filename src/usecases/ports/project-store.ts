import type { NewEvent } from '../../domain/event/event.ts';
import type { ProjectIdentity, ProjectStanding } from '../../domain/project/moderation.ts';
import type { NewModerationChange } from './moderation-store.ts';

export interface ProjectRecord extends ProjectIdentity, ProjectStanding {
  readonly id: string;
  readonly merchantId: string;
  readonly invoiceLifetimeSeconds: number;
  /** As `wayOf` writes them; empty for all. */
  readonly acceptedAssets: readonly string[];
  readonly logoId: string | null;
}

export interface NewProject extends ProjectIdentity {
  readonly id: string;
  readonly merchantId: string;
  readonly moderation: ProjectStanding['moderation'];
  readonly invoiceLifetimeSeconds: number;
  /** The request that it begins with, if it does. */
  readonly requested: NewModerationChange | null;
  readonly at: Date;
}

/** Projects. */
export interface ProjectStore {
  createProject(project: NewProject, events: readonly NewEvent[]): Promise<void>;
  projectById(projectId: string): Promise<ProjectRecord | null>;
}
