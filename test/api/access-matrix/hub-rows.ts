import { operate, right } from './who.ts';
import { row, type Matrix } from './rows.ts';
import { nowhere, rowId, type World } from './world.ts';

/** What people are told: the notification centre, what they chose, and what was sent. */
export const HUB_ROWS: Matrix<World> = {
  nodes: {
    Delivery: [
      {
        id: (w) => w.ownerDeliveryId,
        who: (w) => ({ anyOf: [{ is: rowId(w.ownerId) }, operate('delivery:read')] }),
      },
    ],
  },
  fields: {
    'Notification.project': row(right('project:read', 'project')),
    'Notification.merchant': row(right('merchant:read', 'merchant')),
    'Query.notificationCounts': row('PERSON'),
    'Subscription.notificationAdded': row('PERSON'),
    'Subscription.notificationCountsChanged': row('PERSON'),
    'Mutation.notificationMarkRead': row('PERSON', () => NOWHERE),
    'Mutation.notificationMarkUnread': row('PERSON', () => NOWHERE),
    'Mutation.notificationArchive': row('PERSON', () => NOWHERE),
    'Mutation.notificationUnarchive': row('PERSON', () => NOWHERE),
    'Mutation.notificationsMarkSeen': row('PERSON', () => ({ input: { until: nowhere('Notification') } })),
    'Mutation.notificationsMarkAllRead': row('PERSON', () => ({ input: { until: nowhere('Notification') } })),

    'Query.notificationPreferences': row('PERSON'),
    'Mutation.notificationPreferenceSet': row('PERSON', () => ({
      input: { category: 'SECURITY', channel: 'EMAIL', enabled: false },
    })),
    'Query.notificationSettings': row('PERSON'),
    'Mutation.notificationSettingsUpdate': row('PERSON', () => ({ input: { timeZone: 'nowhere' } })),

    'Query.deliveries': row('PERSON'),
    'Query.allDeliveries': row(operate('delivery:read')),
    'Mutation.deliveryRetry': row('PERSON', () => ({ input: { deliveryId: nowhere('Delivery') } })),
  },
};

const NOWHERE = { input: { notificationIds: [nowhere('Notification')] } };
