/** A page as the server sends it. */
export interface Page {
  readonly status: number;
  readonly html: string;
}

/** The content security policy of every page: no script at all, its own style, forms to ourselves. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Puts a body into the frame that all pages share. All texts are trusted HTML of this code. */
export const page = ({
  status,
  title,
  body,
  head = '',
}: {
  readonly status: number;
  readonly title: string;
  readonly body: string;
  /** More of the head. */
  readonly head?: string;
}): Page => ({
  status,
  html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} · Paybell</title>${head}
<style>
  body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 12vh auto; padding: 0 1.25rem; }
  input { font: inherit; width: 100%; box-sizing: border-box; padding: 0.5rem; margin: 0.25rem 0 1rem; }
  dt { opacity: 0.7; } dd { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
  code { overflow-wrap: anywhere; user-select: all; }
  figure { margin: 1rem 0; } svg { width: 14rem; max-width: 100%; background: #fff; }
  form + form { margin-top: 0.5rem; }
  [role=alert] { border-left: 0.25rem solid #c02626; padding-left: 0.75rem; }
  button { font: inherit; padding: 0.6rem 1.4rem; border: 0; border-radius: 0.4rem; background: #1a56db; color: #fff; }
</style></head>
<body><h1>${title}</h1>${body}</body></html>
`,
});

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in a body or in a quoted attribute. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
