import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { refusedStream } from '../../testkit/outcome.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { createInvoice } from '../../testkit/shop.ts';
import { join, stepUp, type TeamPerson } from '../../testkit/team.ts';

/** A developer who is let into one of two projects (FEATURES B3). */
const kit = usePlatform();
let shop: DemoMerchant;
let closedProject: string;
let person: TeamPerson;

const keysOf = async (projectId: string) => {
  const { project } = await shop.owner.send(operations.ProjectWithKeysDocument, { id: projectId });
  return project?.apiKeys.edges.map((edge) => edge.node.id) ?? [];
};

beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'owner@shop.example');
  const { projectCreate } = await shop.owner.send(operations.ProjectCreateDocument, {
    input: { merchantId: shop.merchantId, name: 'Closed' },
  });
  closedProject = accepted(projectCreate, 'Project').id;
  await stepUp(kit, shop.email);
  await shop.owner.send(operations.ApiKeyCreateDocument, {
    input: { projectId: closedProject, mode: 'TEST', kind: 'SECRET', name: 'closed' },
  });
  person = await join(kit, shop, 'dev@shop.example', { role: 'DEVELOPER', projectIds: [shop.projectId] });
});

describe('a member who is restricted to a project', () => {
  test('sees that project with its keys and invoices, and the name of the merchant', async () => {
    const invoice = await createInvoice(shop.test);
    const { projects } = await person.api.send(operations.ProjectsDocument, {});
    expect(projects.edges.map((edge) => edge.node.id)).toEqual([shop.projectId]);
    const { project } = await person.api.send(operations.ProjectWithKeysDocument, { id: shop.projectId });
    expect(project?.apiKeys.edges).toHaveLength(2);
    for (const id of [
      shop.projectId,
      shop.merchantId,
      invoice.id,
      person.memberId,
      ...(await keysOf(shop.projectId)),
    ]) {
      expect((await person.api.send(operations.NodeDocument, { id })).node, id).toMatchObject({ id });
    }
  });

  test('sees nothing of the other project, by whatever way', async () => {
    const { invoiceCreate } = await shop.owner.send(operations.InvoiceCreateDocument, {
      input: { projectId: closedProject, mode: 'TEST', amount: '1', currency: 'USD' },
    });
    const invoice = accepted(invoiceCreate, 'Invoice');
    const [keyId = ''] = await keysOf(closedProject);
    expect(keyId).not.toBe('');
    for (const id of [closedProject, invoice.id, keyId]) {
      expect((await person.api.send(operations.NodeDocument, { id })).node).toBeNull();
    }
    const { project } = await person.api.send(operations.ProjectWithKeysDocument, { id: closedProject });
    expect(project).toBeNull();
    expect((await person.api.send(operations.InvoiceDocument, { id: invoice.id })).invoice).toBeNull();
    const listed = person.api.send(operations.InvoicesDocument, { projectId: closedProject, mode: 'TEST' });
    expect(await errorCodes(listed)).toEqual(['INVALID_INPUT']);
    const { url } = kit.platform;
    for (const stream of [
      await refusedStream(url, operations.EventsDocument, { projectId: closedProject }, person.sessionToken),
      await refusedStream(url, operations.InvoiceUpdatedDocument, { id: invoice.id }, person.sessionToken),
    ]) {
      expect(stream).toContain('"code":"FORBIDDEN"');
    }
  });

  test('sees neither team nor money of the merchant as a whole', async () => {
    const { merchantId } = shop;
    expect(await errorCodes(person.api.send(operations.BalancesDocument, { merchantId }))).toEqual([
      'FORBIDDEN',
    ]);
    expect(await errorCodes(person.api.send(operations.TeamDocument, { merchantId }))).toEqual(
      expect.arrayContaining(['FORBIDDEN']),
    );
  });

  test('writes nothing outside of it', async () => {
    const written = ['project', 'api_key', 'invoice', 'event'] as const;
    const before = await rowCounts(kit.database.pool, written);
    const { projectCreate } = await person.api.send(operations.ProjectCreateDocument, {
      input: { merchantId: shop.merchantId, name: 'mine' },
    });
    expect(projectCreate).toMatchObject({ code: 'NOT_FOUND' });
    const { apiKeyCreate } = await person.api.send(operations.ApiKeyCreateDocument, {
      input: { projectId: closedProject, mode: 'TEST', kind: 'SECRET', name: 'mine' },
    });
    expect(apiKeyCreate).toMatchObject({ code: 'NOT_FOUND' });
    const { invoiceCreate } = await person.api.send(operations.InvoiceCreateDocument, {
      input: { projectId: closedProject, mode: 'TEST', amount: '1', currency: 'USD' },
    });
    expect(invoiceCreate).toMatchObject({ code: 'NOT_FOUND' });
    expect(await rowCounts(kit.database.pool, written)).toEqual(before);
  });

  test('is let into all by null, and into others by a list', async () => {
    const update = async (projectIds: string[] | null) =>
      accepted(
        (
          await shop.owner.send(operations.MemberUpdateDocument, {
            input: { memberId: person.memberId, projectIds },
          })
        ).memberUpdate,
        'Member',
      ).projectIds;
    const seen = async () =>
      (await person.api.send(operations.ProjectsDocument, {})).projects.edges.map((edge) => edge.node.id);
    await stepUp(kit, shop.email);
    expect(await update(null)).toBeNull();
    expect(await seen()).toEqual([closedProject, shop.projectId]);
    expect(await update([closedProject, closedProject])).toEqual([closedProject]);
    expect(await seen()).toEqual([closedProject]);
  });
});
