import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { connect, newChat, telegramLink } from '../../testkit/telegram-chat.ts';

const kit = usePlatform();

const shop = (name?: string) => openShop(kit, `${randomUUID()}@shop.example`, new Date(), name);

const linksOf = async ({ owner }: DemoMerchant) =>
  (await owner.send(operations.TelegramLinksDocument, { first: 10 })).viewer.telegramLinks.edges.map(
    ({ node }) => node,
  );

const disconnect = async ({ owner }: DemoMerchant, telegramLinkId: string) =>
  (await owner.send(operations.TelegramLinkDisconnectDocument, { telegramLinkId })).telegramLinkDisconnect;

it('gives the link as a QR code that holds nothing else in readable form', async () => {
  const { owner } = await shop();
  const { url, qr, token } = await telegramLink(owner, 'INFO');
  expect(url).toBe(`https://t.me/paybell_info_bot?start=${token}`);
  expect(qr).toMatch(/^<svg [\s\S]*<\/svg>$/);
  expect(qr).not.toContain(token);
  expect(qr).not.toMatch(/<script|href|on\w+=/);
  const other = await telegramLink(owner, 'INFO');
  expect(other.qr).not.toBe(qr);
});

it('shows the person the connected chats, newest first, and nobody else', async () => {
  const [tea, toys] = [await shop('Tea'), await shop('Toys')];
  await telegramLink(tea.owner, 'INFO');
  await connect(newChat(kit.platform.bots, 'INFO'), tea.owner);
  await connect(newChat(kit.platform.bots, 'MERCHANT'), tea.owner, tea.merchantId);
  const links = await linksOf(tea);
  expect(links).toMatchObject([
    { bot: 'MERCHANT', merchantId: tea.merchantId, merchantName: 'Tea', endedAt: null, endReason: null },
    { bot: 'INFO', merchantId: null, merchantName: null, mutedUntil: null },
  ]);
  expect(await linksOf(toys)).toEqual([]);
  const first = await tea.owner.send(operations.TelegramLinksDocument, { first: 1 });
  expect(first.viewer.telegramLinks.pageInfo.hasNextPage).toBe(true);
  const after = first.viewer.telegramLinks.edges[0]?.cursor ?? '';
  const second = await tea.owner.send(operations.TelegramLinksDocument, { first: 1, after });
  expect(second.viewer.telegramLinks.edges[0]?.node.bot).toBe('INFO');
  const id = links[0]?.id ?? '';
  expect((await tea.owner.send(operations.TelegramLinkNodeDocument, { id })).node).toMatchObject({ id });
  for (const api of [toys.owner, tea.test])
    expect((await api.send(operations.TelegramLinkNodeDocument, { id })).node).toBeNull();
});

it('disconnects a chat of the own once, and no other’s', async () => {
  const [tea, toys] = [await shop(), await shop()];
  const chat = newChat(kit.platform.bots, 'MERCHANT');
  await connect(chat, tea.owner, tea.merchantId);
  await connect(chat, toys.owner, toys.merchantId);
  const id = (await linksOf(tea))[0]?.id ?? '';
  expect(await disconnect(toys, id)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await eventTypes(kit.database.pool, id)).toEqual(['telegram_link.connected']);

  const results = await Promise.all(Array.from({ length: 10 }, () => disconnect(tea, id)));
  const won = results.find(({ __typename }) => __typename === 'TelegramLink');
  expect(won).toMatchObject({ endReason: 'DISCONNECTED', endedAt: expect.any(String) });
  expect(results.filter(({ __typename }) => __typename === 'NotFoundError')).toHaveLength(9);
  expect(await eventTypes(kit.database.pool, id)).toEqual([
    'telegram_link.connected',
    'telegram_link.disconnected',
  ]);
  // The chat goes on for whoever else connected it.
  expect((await chat.ask('/balance')).text).toContain('Balances of Corner Shop');
  expect((await linksOf(toys))[0]).toMatchObject({ endedAt: null });
});
