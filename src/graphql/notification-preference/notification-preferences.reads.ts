import type { EventCategory, PersonalChannel } from '../../domain/event/event-row.ts';
import { DEFAULT_SETTINGS } from '../../domain/notification/notification-settings.ts';
import type { GraphQLContext, PersonContext } from '../core/context.ts';
import { visibleProjects } from '../project/visible-rows.ts';
import type { Preferences } from './notification-preferences.types.ts';
import type { Settings } from './notification-settings.types.ts';

type Reads = Pick<GraphQLContext, 'prisma'> & Pick<PersonContext, 'actor'>;

/** What the person chose; rows of projects that are not open to the person any more are left out. */
export async function readPreferences({ prisma, actor }: Reads): Promise<Preferences> {
  const rows = await prisma.notificationPreference.findMany({ where: { userId: actor.userId } });
  const ids = rows.map(({ projectId }) => projectId).filter((id) => id !== null);
  const projects =
    ids.length === 0
      ? []
      : await prisma.project.findMany({
          where: { AND: [{ id: { in: ids } }, visibleProjects(actor, 'project:read')] },
          orderBy: { id: 'asc' },
        });
  const preferences = rows.map(({ projectId, category, channel, enabled }) => ({
    projectId,
    enabled,
    category: category as EventCategory | null,
    channel: channel as PersonalChannel,
  }));
  return { preferences, projects };
}

export async function readSettings({ prisma, actor }: Reads): Promise<Settings> {
  const { locale, notificationSettings } = await prisma.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: { locale: true, notificationSettings: true },
  });
  const { timeZone = null, quietFrom = null, quietTo = null } = notificationSettings ?? {};
  const digestSeconds = notificationSettings?.digestSeconds ?? DEFAULT_SETTINGS.digestSeconds;
  return { locale, timeZone, quietFrom, quietTo, digestSeconds };
}
