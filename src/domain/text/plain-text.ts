/**
 * Text that every place can hold: PostgreSQL stores no NUL, its jsonb no half of a surrogate pair, and a mail header
 * no line break. Tabs and line breaks are allowed in `isPlainText` only.
 */
export const isPlainText = (text: string): boolean => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text);

export const isPlainLine = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);
