import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';

type LinkInput = operations.PaymentLinkCreateMutationVariables['input'];
type UpdateInput = operations.PaymentLinkUpdateMutationVariables['input'];
type PayInput = operations.PaymentLinkPayMutationVariables['input'];

/** What a shop and its payers do with payment links over the API. The answers may be refusals. */
export const tryLink = async (api: ApiClient, input: Partial<LinkInput> = {}) =>
  (
    await api.send(operations.PaymentLinkCreateDocument, {
      input: { title: 'Buy us a coffee', currency: 'EUR', ...input },
    })
  ).paymentLinkCreate;

export const createLink = async (api: ApiClient, input: Partial<LinkInput> = {}) =>
  accepted(await tryLink(api, input), 'PaymentLink');

export const tryChange = async (api: ApiClient, paymentLinkId: string, input: Partial<UpdateInput>) =>
  (await api.send(operations.PaymentLinkUpdateDocument, { input: { ...input, paymentLinkId } }))
    .paymentLinkUpdate;

export const disable = async (api: ApiClient, paymentLinkId: string) =>
  (await api.send(operations.PaymentLinkDisableDocument, { input: { paymentLinkId } })).paymentLinkDisable;

export const enable = async (api: ApiClient, paymentLinkId: string) =>
  (await api.send(operations.PaymentLinkEnableDocument, { input: { paymentLinkId } })).paymentLinkEnable;

export const tryPay = async (api: ApiClient, paymentLinkId: string, input: Partial<PayInput> = {}) =>
  (await api.send(operations.PaymentLinkPayDocument, { input: { amount: '5', ...input, paymentLinkId } }))
    .paymentLinkPay;

export const pay = async (api: ApiClient, paymentLinkId: string, input: Partial<PayInput> = {}) =>
  accepted(await tryPay(api, paymentLinkId, input), 'PaymentLinkPayPayload');
