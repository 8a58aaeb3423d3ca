import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { FeeScheduleStore } from '../ports/fee-schedule-store.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { ProjectStore } from '../ports/project-store.ts';

export interface FeeDeps {
  readonly fees: FeeScheduleStore;
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}
