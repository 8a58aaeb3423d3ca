import type { PersonActor } from '../../domain/access/actor.ts';
import { MAX_DIGEST_SECONDS } from '../../domain/notification/notification-settings.ts';
import { isTimeZone, minuteOfClock } from '../../domain/notification/quiet-hours.ts';
import { isLanguageTag } from '../../domain/text/language-tag.ts';
import type { Clock } from '../ports/clock.ts';
import type { NotificationPreferenceStore, SettingsPatch } from '../ports/notification-preference-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** What is left out stays as it is. */
export interface NotificationSettingsUpdateInput {
  readonly timeZone?: string | null | undefined;
  /** "HH:MM", both or neither; null for no quiet hours. */
  readonly quietFrom?: string | null | undefined;
  readonly quietTo?: string | null | undefined;
  readonly digestSeconds?: number | undefined;
  readonly locale?: string | undefined;
}

/** Changes when and in which language a person is told (FEATURES N9). */
export type NotificationSettingsUpdate = (
  actor: PersonActor,
  input: NotificationSettingsUpdateInput,
) => Promise<Result<null>>;

export interface NotificationSettingsUpdateDeps {
  readonly notificationPreferences: Pick<NotificationPreferenceStore, 'updateSettings'>;
  readonly clock: Clock;
}

export const notificationSettingsUpdate =
  ({ notificationPreferences, clock }: NotificationSettingsUpdateDeps): NotificationSettingsUpdate =>
  async ({ userId }, input) => {
    const patch = readPatch(input);
    if (!patch.ok) return patch;
    await notificationPreferences.updateSettings(userId, patch.value, clock.now());
    return done(null);
  };

function readPatch(input: NotificationSettingsUpdateInput): Result<SettingsPatch> {
  const { timeZone, digestSeconds, locale } = input;
  const quiet = readQuiet(input);
  if (!quiet.ok) return quiet;
  if (typeof timeZone === 'string' && !isTimeZone(timeZone))
    return refuse('INVALID_INPUT', 'A time zone is named as in "Europe/Berlin".', 'timeZone');
  if (digestSeconds !== undefined && !(digestSeconds >= 0 && digestSeconds <= MAX_DIGEST_SECONDS))
    return refuse(
      'INVALID_INPUT',
      `A burst is collected for 0 to ${MAX_DIGEST_SECONDS} seconds.`,
      'digestSeconds',
    );
  if (locale !== undefined && !isLanguageTag(locale))
    return refuse('INVALID_INPUT', 'A language is named as in "de" or "pt-BR".', 'locale');
  return done({
    ...quiet.value,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(digestSeconds === undefined ? {} : { digestSeconds }),
    ...(locale === undefined ? {} : { locale }),
  });
}

function readQuiet({
  quietFrom,
  quietTo,
}: NotificationSettingsUpdateInput): Result<Pick<SettingsPatch, 'quiet'>> {
  if (quietFrom === undefined && quietTo === undefined) return done({});
  if (quietFrom === null && quietTo === null) return done({ quiet: null });
  const from = minuteOfClock(quietFrom ?? '');
  const to = minuteOfClock(quietTo ?? '');
  if (from === null)
    return refuse('INVALID_INPUT', 'Quiet hours begin at "HH:MM", or both are null.', 'quietFrom');
  if (to === null) return refuse('INVALID_INPUT', 'Quiet hours end at "HH:MM", or both are null.', 'quietTo');
  if (from === to)
    return refuse('INVALID_INPUT', 'Quiet hours end at another time than they begin.', 'quietTo');
  return done({ quiet: { from, to } });
}
