/** How the payment page of a project looks and what it says (FEATURES C1). */
export interface PageSettings {
  /** Headline; null for the project's name. */
  readonly title: string | null;
  /** Colour of buttons and links, as `#rrggbb`. */
  readonly accentColor: string;
  readonly backgroundColor: string;
  readonly supportEmail: string | null;
  readonly supportUrl: string | null;
  /** BCP 47; null for the language of the payer's browser. */
  readonly language: string | null;
  /** Whether a payer who has paid is taken back to the shop without a click. */
  readonly redirectAutomatically: boolean;
  readonly showMerchantName: boolean;
}

export const DEFAULT_PAGE: PageSettings = {
  title: null,
  accentColor: '#1f5fd0',
  backgroundColor: '#ffffff',
  supportEmail: null,
  supportUrl: null,
  language: null,
  redirectAutomatically: false,
  showMerchantName: true,
};

/** Settings as they are kept: only those that differ from the default, each null to take one away. */
export type PagePatch = { readonly [Name in keyof PageSettings]?: PageSettings[Name] | null };

/** `#rgb` is no colour here: pages and mails write all six digits. */
export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** The settings behind what is kept. What is missing or of another kind is the default. */
export function pageSettings(kept: unknown): PageSettings {
  const from = new Map<string, unknown>(
    typeof kept === 'object' && kept !== null ? Object.entries(kept) : [],
  );
  const text = (name: keyof PageSettings): string | null => {
    const value = from.get(name);
    return typeof value === 'string' ? value : null;
  };
  const flag = (name: 'redirectAutomatically' | 'showMerchantName'): boolean => {
    const value = from.get(name);
    return typeof value === 'boolean' ? value : DEFAULT_PAGE[name];
  };
  return {
    title: text('title'),
    accentColor: text('accentColor') ?? DEFAULT_PAGE.accentColor,
    backgroundColor: text('backgroundColor') ?? DEFAULT_PAGE.backgroundColor,
    supportEmail: text('supportEmail'),
    supportUrl: text('supportUrl'),
    language: text('language'),
    redirectAutomatically: flag('redirectAutomatically'),
    showMerchantName: flag('showMerchantName'),
  };
}
