/** MJML 5 brings no types: what `mail-frame.ts` uses. */
declare module 'mjml' {
  interface Options {
    readonly validationLevel: 'strict';
    readonly keepComments: boolean;
    /** Where to load fonts from, by name. */
    readonly fonts: Readonly<Record<string, string>>;
  }
  /** Rejects when the source is not valid. */
  const mjml2html: (source: string, options: Options) => Promise<{ readonly html: string }>;
  export default mjml2html;
}
