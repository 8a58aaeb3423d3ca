import type { ApiKeyActor, Mode } from '../../domain/access/actor.ts';
import type { ApiKeyKind } from '../../domain/access/api-key.ts';
import type { IpRange } from '../../domain/access/ip-range.ts';
import type { Right } from '../../domain/access/rights.ts';
import type { NewEvent } from '../../domain/event/event.ts';

/** A key that works, as a request finds it. */
export interface LiveKey extends Omit<ApiKeyActor, 'type' | 'client'> {
  readonly validUntil: Date | null;
  /** With any, the key works from no other address. */
  readonly ipRanges: readonly IpRange[];
  readonly lastUsedAt: Date | null;
}

/** A key as its merchant manages it, whether or not it works. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly mode: Mode;
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly prefix: string;
}

export interface NewApiKey {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  readonly kind: ApiKeyKind;
  readonly scopes: readonly Right[];
  readonly ipRanges: readonly string[];
  readonly name: string;
  readonly prefix: string;
  readonly tokenHash: Uint8Array;
  /** The person who makes it, and sees its secret. */
  readonly createdBy: string;
}

/** A key in place of another, whose name, scopes and ranges it takes over. */
export type Successor = Omit<NewApiKey, 'name' | 'scopes' | 'ipRanges'>;

/** What is left out stays. */
export interface ApiKeyChange {
  readonly name?: string;
  readonly scopes?: readonly Right[];
  readonly ipRanges?: readonly string[];
}

/** The scopes that the person who acts may give a key. */
export interface Giving {
  readonly scopesToGive: readonly Right[];
}

/** What is written together with a change of a key. */
export interface ApiKeyWrite {
  readonly event: NewEvent;
  readonly at: Date;
  /** The person whose change holds the merchant's payouts back (API_KEY_CHANGED); null when it does not. */
  readonly heldBy: string | null;
}

/** Why a project gets no new key: it is archived, or the key is LIVE and the project not ACTIVE. */
export interface ProjectBarrier {
  readonly barrier: string;
}

/** Keys of projects. Each method is one atomic write or one read. */
export interface ApiKeyStore {
  /** The key of a secret, unless it is revoked, has ended by `at`, or its merchant is closed. */
  liveKeyOf(tokenHash: Uint8Array, at: Date): Promise<LiveKey | null>;
  /** The same by its id. */
  liveKeyById(apiKeyId: string, at: Date): Promise<LiveKey | null>;
  noteUse(apiKeyId: string, ip: string, at: Date): Promise<void>;
  keyById(apiKeyId: string): Promise<ApiKeyRecord | null>;
  createKey(key: NewApiKey, write: ApiKeyWrite): Promise<'created' | ProjectBarrier>;
  /**
   * 'not_live' when the key works no more, 'beyond_rights' for a new scope that may not be given, and for other addresses
   * of a key with a scope that may not be given.
   */
  changeKey(
    apiKeyId: string,
    change: ApiKeyChange & Giving,
    write: ApiKeyWrite,
  ): Promise<'changed' | 'not_live' | 'beyond_rights'>;
  /**
   * Makes the successor and ends the old key at `endsAt`; 'not_live' when it works no more or has a successor,
   * 'beyond_rights' when it has a scope that may not be given: the successor's secret is shown.
   */
  rotateKey(
    apiKeyId: string,
    rotation: Giving & { readonly successor: Successor; readonly endsAt: Date },
    write: ApiKeyWrite,
  ): Promise<'rotated' | 'not_live' | 'beyond_rights' | ProjectBarrier>;
  /** False when it was revoked before. */
  revokeKey(apiKeyId: string, write: ApiKeyWrite): Promise<boolean>;
}
