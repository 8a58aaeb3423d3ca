/** What each result of a subscription tells; its field says it under `extensions` in one of the two forms below. */
type LiveKind = 'STATE' | 'EVENTS';

/** How something stands: the last result is enough to begin with. */
export const TELLS_STATE = { live: 'STATE' } as const satisfies { live: LiveKind };

/** What happened: each result counts. */
export const TELLS_EVENTS = { live: 'EVENTS' } as const satisfies { live: LiveKind };
