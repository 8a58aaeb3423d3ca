import type { ApiKeyActor, Mode } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';

export type Moderation = 'NOT_REQUESTED' | 'ON_MODERATION' | 'ACTIVE' | 'REJECTED' | 'BLOCKED';

export interface ProjectRecord {
  readonly id: string;
  readonly merchantId: string;
  readonly name: string;
  readonly siteUrl: string | null;
  readonly moderation: Moderation;
  readonly invoiceLifetimeSeconds: number;
}

export interface NewApiKey {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  readonly kind: 'PUBLISHABLE' | 'SECRET';
  readonly name: string;
  readonly prefix: string;
  readonly tokenHash: Uint8Array;
  readonly at: Date;
}

/** Projects and their keys. */
export interface ProjectStore {
  createProject(project: ProjectRecord, at: Date, event: NewEvent): Promise<void>;
  projectById(projectId: string): Promise<ProjectRecord | null>;
  createApiKey(key: NewApiKey, event: NewEvent): Promise<void>;
  /** The actor of a key unless it is revoked. Notes the use, at most once a minute. */
  apiKeyOf(tokenHash: Uint8Array, at: Date): Promise<ApiKeyActor | null>;
  /** Whether the key still works. */
  apiKeyIsLive(apiKeyId: string): Promise<boolean>;
}
