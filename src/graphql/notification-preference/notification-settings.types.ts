import { clockOfMinute } from '../../domain/notification/quiet-hours.ts';
import { builder } from '../core/builder.ts';

export interface Settings {
  readonly locale: string;
  readonly timeZone: string | null;
  /** Minutes after midnight; both or none. */
  readonly quietFrom: number | null;
  readonly quietTo: number | null;
  readonly digestSeconds: number;
}

const clock = (minute: number | null): string | null => (minute === null ? null : clockOfMinute(minute));

export const NotificationSettings = builder.objectRef<Settings>('NotificationSettings').implement({
  description: 'When and in which language a person is told.',
  fields: (t) => ({
    locale: t.exposeString('locale', { description: 'Language of messages, BCP 47.' }),
    timeZone: t.exposeString('timeZone', {
      nullable: true,
      description: 'IANA name of the time zone of the quiet hours; null for UTC.',
    }),
    quietFrom: t.string({
      nullable: true,
      description: 'When quiet hours begin, "HH:MM"; null for none. What is critical comes all the same.',
      resolve: ({ quietFrom }) => clock(quietFrom),
    }),
    quietTo: t.string({
      nullable: true,
      description: 'When quiet hours end, "HH:MM"; on the next day where that is earlier.',
      resolve: ({ quietTo }) => clock(quietTo),
    }),
    digestSeconds: t.exposeInt('digestSeconds', {
      description: 'How long after a first message those of its kind are collected into one; 0 for never.',
    }),
  }),
});
