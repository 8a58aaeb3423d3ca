import { isEmail } from '../../domain/account/email-address.ts';
import {
  DEFAULT_PAGE,
  isColor,
  type PagePatch,
  type PageSettings,
} from '../../domain/project/page-settings.ts';
import { isLanguageTag } from '../../domain/text/language-tag.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import { done, refuse, type Result } from '../result.ts';

/** Settings of the payment page; what is left out stays, null is the default. */
export type PageInput = { readonly [Name in keyof PageSettings]?: PageSettings[Name] | null | undefined };

const MAX_TITLE = 100;

type Check = (text: string) => string | null;

const fits =
  (rule: (text: string) => boolean, message: string): Check =>
  (text) =>
    rule(text) ? null : message;

const color = fits(isColor, 'A colour is written as #rrggbb.');

/** What is wrong with a text, by setting. Addresses of sites are checked where they are read. */
const CHECKS: Readonly<Partial<Record<keyof PageSettings, Check>>> = {
  title: fits(
    (text) => text.trim().length >= 1 && text.length <= MAX_TITLE && isPlainLine(text),
    `A title has 1 to ${MAX_TITLE} characters in one line.`,
  ),
  accentColor: color,
  backgroundColor: color,
  supportEmail: fits(isEmail, 'This is no e-mail address.'),
  language: fits(isLanguageTag, 'This is no BCP 47 language tag.'),
};

/** What is to be kept of the input; null for the whole page takes every setting away. */
export function readPage(input: PageInput | null | undefined): Result<PagePatch> {
  if (input === undefined) return done({});
  const given =
    input ?? (Object.fromEntries(Object.keys(DEFAULT_PAGE).map((name) => [name, null])) as PagePatch);
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = given[name as keyof PageSettings];
    const fault = typeof value === 'string' ? check(value) : null;
    if (fault) return refuse('INVALID_INPUT', fault, 'page', name);
  }
  const { accentColor, backgroundColor, title, ...rest } = given;
  return done(
    withoutAbsent({
      ...rest,
      title: title?.trim() ?? title,
      accentColor: accentColor?.toLowerCase() ?? accentColor,
      backgroundColor: backgroundColor?.toLowerCase() ?? backgroundColor,
    }),
  );
}

/** Without what is undefined, which would otherwise count as given. */
export const withoutAbsent = <T extends object>(
  values: T,
): { [Name in keyof T]: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
