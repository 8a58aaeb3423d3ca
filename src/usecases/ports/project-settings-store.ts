import type { NewEvent } from '../../domain/event/event.ts';
import type { Moderation, ProjectIdentity } from '../../domain/project/moderation.ts';
import type { PagePatch } from '../../domain/project/page-settings.ts';
import type { NetworkFeePayer, PaymentPolicy } from '../../domain/project/payment-rules.ts';
import type { NewModerationChange } from './moderation-store.ts';

/** New values of a project; what is left out stays as it is. */
export interface ProjectPatch {
  readonly name?: string;
  readonly siteUrl?: string | null;
  readonly invoiceLifetimeSeconds?: number;
  /** As `wayOf` writes them; empty for all. */
  readonly acceptedAssets?: readonly string[];
  /** In the smallest unit of underpaidCurrency; both or neither. */
  readonly underpaidAmount?: bigint | null;
  readonly underpaidCurrency?: string | null;
  readonly underpaidBasisPoints?: number;
  readonly underpaidPolicy?: PaymentPolicy;
  readonly overpaidPolicy?: PaymentPolicy;
  readonly latePolicy?: PaymentPolicy;
  readonly duplicatePolicy?: PaymentPolicy;
  /** Blocks by network, all that are to be kept. */
  readonly confirmations?: Readonly<Record<string, number>>;
  /** Null for the assets themselves. */
  readonly settlementCurrency?: string | null;
  readonly rateSpreadBasisPoints?: number;
  readonly rateLockSeconds?: number;
  readonly monitoringSeconds?: number;
  readonly networkFeePayer?: NetworkFeePayer;
  readonly page?: PagePatch;
}

export interface ProjectUpdate {
  readonly projectId: string;
  readonly patch: ProjectPatch;
  /** What the decision was based on: another name, site or state since then makes the update 'stale'. */
  readonly seen: ProjectIdentity & { readonly moderation: Moderation };
  /** The step of moderation that goes with it. */
  readonly review: NewModerationChange | null;
}

/** Settings of projects. Each method is one atomic statement with its events. */
export interface ProjectSettingsStore {
  /** 'stale' when the project changed in what was seen, or is archived. */
  updateProject(update: ProjectUpdate, events: readonly NewEvent[]): Promise<'written' | 'stale'>;
  /** Archives, or restores with null; false when it was so already. */
  archiveProject(projectId: string, archivedAt: Date | null, event: NewEvent): Promise<boolean>;
}
