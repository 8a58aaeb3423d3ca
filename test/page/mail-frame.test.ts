import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEtaMessages } from '../../src/adapters/messages/eta-messages.ts';
import type { EventType } from '../../src/domain/event/catalogue.ts';
import type { Event, EventData } from '../../src/domain/event/event.ts';
import { chromiumIsHere, startBrowser } from '../testkit/browser.ts';

const messages = createEtaMessages();
const LINK = `https://pay.example/unsubscribe?token=${'x'.repeat(89)}`;
const LONG = '0x'.padEnd(120, '4f');

const event = (type: EventType, data: EventData): Event => ({
  id: '01990000-0000-7000-8000-000000000009',
  type,
  version: 1,
  position: { txid: 1n, seq: 1n },
  merchantId: null,
  projectId: null,
  mode: 'TEST',
  actor: { type: 'USER', id: 'u', ip: '2001:db8:85a3:8d3:1319:8a2e:370:7348', device: LONG },
  subject: { type: 'INVOICE', id: '01990000-0000-7000-8000-000000000008' },
  data,
  occurredAt: new Date('2026-11-21T07:30:00Z'),
});

const DATA = {
  invoiceId: '01990000-0000-7000-8000-000000000008',
  orderId: LONG,
  shopName: LONG,
  currency: 'ETH',
  amount: '12345678901234567890.123456789012345678',
  amountPaid: '1',
  expiresAt: '2026-11-21T08:30:00Z',
};

/** One of each kind: with fields, with a button, a notice with a link, and one with a code. */
const MAILS = {
  fields: messages.mail(event('invoice.paid', DATA), 'en', {}, LINK),
  button: messages.mail(event('invoice.sent', DATA), 'en', { link: `https://pay.example/pay/${LONG}` }, null),
  notice: messages.mail(event('user.password_reset_requested', {}), 'en', { link: LINK }, null),
  code: messages.mail(event('user.email_change_requested', {}), 'en', { code: '012345' }, null),
} as const;

const VIEWS = (['light', 'dark'] as const).flatMap((scheme) =>
  [320, 600].map((width) => ({ scheme, width })),
);

interface Seen {
  readonly text: string;
  readonly contrast: number;
  readonly visible: boolean;
}
interface Rendered {
  readonly overflow: number;
  readonly texts: readonly Seen[];
  readonly links: readonly Seen[];
  readonly background: string;
}

/** Runs in the page: what is seen of its texts and links (WCAG 2.2, 1.4.3 for the contrast). */
function look(): Rendered {
  type Color = readonly [number, number, number, number];
  const parse = (css: string): Color => {
    const [r = 0, g = 0, b = 0, a = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a]: Color, under: Color): Color => [
    r * a + under[0] * (1 - a),
    g * a + under[1] * (1 - a),
    b * a + under[2] * (1 - a),
    1,
  ];
  const backgroundOf = (element: Element | null): Color => {
    if (element === null) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, backgroundOf(element.parentElement));
  };
  const luminance = (color: Color): number => {
    const linear = (part: number): number =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
  };
  const opacityOf = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const seen = (element: Element): Seen => {
    const background = backgroundOf(element);
    const [r, g, b, a] = parse(getComputedStyle(element).color);
    const lights = [luminance(over([r, g, b, a * opacityOf(element)], background)), luminance(background)];
    const [dark = 0, light = 0] = lights.toSorted((one, other) => one - other);
    const { width, height, left, right } = element.getBoundingClientRect();
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    const visible = width > 0 && height > 0 && left >= 0 && right <= window.innerWidth && size >= 12;
    return { text: element.textContent.trim(), contrast: (light + 0.05) / (dark + 0.05), visible };
  };
  const holdsText = (element: Element): boolean =>
    [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim());
  const all = [...document.body.querySelectorAll('*')];
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    texts: all.filter(holdsText).map(seen),
    links: all.filter((element) => element.tagName === 'A').map(seen),
    background: getComputedStyle(document.body).backgroundColor,
  };
}

describe.skipIf(!chromiumIsHere())('a mail in a browser', () => {
  let browser: Browser;
  let page: Page;
  const requested: string[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.newPage();
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      requested.push(request.url());
      void request.abort();
    });
  }, 60_000);
  afterAll(() => browser.close());

  test('is seen as it is: something remote, too pale, too wide', async () => {
    await page.setViewport({ width: 320, height: 800 });
    await page.setContent(
      '<p style="color: #999; width: 400px">pale<img src="https://pay.example/pixel"></p>',
    );
    const { overflow, texts } = await page.evaluate(look);
    expect(requested.splice(0)).toEqual(['https://pay.example/pixel']);
    expect(overflow).toBeGreaterThan(0);
    expect(texts).toMatchObject([{ text: 'pale', visible: false }]);
    expect(texts[0]?.contrast).toBeCloseTo(2.85, 2);
  });

  describe.each(Object.entries(MAILS))('%s', (kind, { html, text }) => {
    test.each(VIEWS)('is read in $scheme at $width px', async ({ scheme, width }) => {
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setContent(html, { waitUntil: 'load' });
      const { overflow, texts, links, background } = await page.evaluate(look);
      expect(requested).toEqual([]);
      expect(overflow).toBeLessThanOrEqual(0);
      expect(texts.length).toBeGreaterThan(4);
      expect(texts.filter(({ contrast, visible }) => contrast < 4.5 || !visible)).toEqual([]);
      expect(links.filter(({ text, contrast }) => text === '' || contrast < 4.5)).toEqual([]);
      expect(links.length).toBe({ fields: 1, button: 2, notice: 2, code: 0 }[kind]);
      expect(background).toBe(scheme === 'dark' ? 'rgb(17, 21, 26)' : 'rgb(238, 241, 245)');
    });

    test('says in which language it is, has a plain text, and is not cut by mail programs', () => {
      expect(html).toMatch(/^<!doctype html>\n<html lang="en"/);
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/<\w/);
      expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    });
  });

  test.each(['de', 'ru', 'es'])('is no wider in %s', async (language) => {
    await page.setViewport({ width: 320, height: 800 });
    for (const type of ['invoice.paid', 'session.disowned', 'project.moderation_decided'] as const) {
      const { html } = messages.mail(event(type, { ...DATA, to: 'ACTIVE' }), language, {}, LINK);
      expect(html).toContain(`<html lang="${language}"`);
      await page.setContent(html, { waitUntil: 'load' });
      const { overflow, texts } = await page.evaluate(look);
      expect([type, overflow]).toEqual([type, 0]);
      expect(texts.filter(({ visible }) => !visible)).toEqual([]);
    }
    expect(requested).toEqual([]);
  });

  test('says it in the language of the text, which may not be the reader’s', () => {
    const { html } = messages.mail(event('user.password_reset_requested', {}), 'lt', { link: LINK }, null);
    expect(html).toContain('<html lang="en"');
  });
});
