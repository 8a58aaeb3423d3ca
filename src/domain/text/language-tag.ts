/** The form of BCP 47 tags, with the subtags that languages, scripts and regions need. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/;

export const isLanguageTag = (text: string): boolean => LANGUAGE_TAG.test(text);
