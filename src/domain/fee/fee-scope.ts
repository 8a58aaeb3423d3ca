/** For whom a fee schedule holds. The narrowest one that there is holds alone: schedules do not add up. */
export type FeeScope =
  | { readonly of: 'GATEWAY' }
  | { readonly of: 'MERCHANT'; readonly merchantId: string }
  | { readonly of: 'PROJECT'; readonly merchantId: string; readonly projectId: string };

/** A scope as it is kept; a project's names its merchant as well. */
export interface KeptScope {
  readonly merchantId: string | null;
  readonly projectId: string | null;
}

export const keptScope = (scope: FeeScope): KeptScope => ({
  merchantId: scope.of === 'GATEWAY' ? null : scope.merchantId,
  projectId: scope.of === 'PROJECT' ? scope.projectId : null,
});

export function scopeOf({ merchantId, projectId }: KeptScope): FeeScope {
  if (merchantId === null) return { of: 'GATEWAY' };
  return projectId === null ? { of: 'MERCHANT', merchantId } : { of: 'PROJECT', merchantId, projectId };
}

/** The schedule that holds for a project, of those that could. */
export const narrowest = <Kept extends KeptScope>(schedules: readonly Kept[]): Kept | undefined =>
  schedules.find((s) => s.projectId !== null) ?? schedules.find((s) => s.merchantId !== null) ?? schedules[0];
