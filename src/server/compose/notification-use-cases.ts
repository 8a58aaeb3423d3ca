import { deliveryRetry } from '../../usecases/delivery/delivery-retry.ts';
import { notificationsMarkUpTo } from '../../usecases/notification-centre/notifications-mark-up-to.ts';
import { notificationsMark } from '../../usecases/notification-centre/notifications-mark.ts';
import { notificationPreferenceSet } from '../../usecases/notification-preference/notification-preference-set.ts';
import { notificationSettingsUpdate } from '../../usecases/notification-preference/notification-settings-update.ts';
import type { Parts } from './parts.ts';

/** The API's use cases of what people are told: the centre, what they chose, and what was sent. */
export const notificationUseCases = (parts: Parts) => ({
  notificationsMark: notificationsMark(parts),
  notificationsMarkUpTo: notificationsMarkUpTo(parts),
  notificationPreferenceSet: notificationPreferenceSet(parts),
  notificationSettingsUpdate: notificationSettingsUpdate(parts),
  deliveryRetry: deliveryRetry(parts),
});
