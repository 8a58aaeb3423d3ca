/**
 * Waits a moment before the next attempt, the longer the more were made (1 after the first). Those who wait at once
 * do not go on in step with each other.
 */
export type Pause = (attempts: number) => Promise<void>;
