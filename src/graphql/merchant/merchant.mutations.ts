import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import {
  ClosingConditionsUnmetError,
  NotFoundError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { encodeGlobalID } from '../core/relay-options.ts';

const CompanyInput = builder.inputType('CompanyInput', {
  description: 'Who stands behind a business account.',
  fields: (t) => ({
    legalName: t.string({ required: true, description: 'Name in the register, at most 200 characters.' }),
    registrationNumber: t.string({
      required: true,
      description: 'Number in the register, at most 50 characters.',
    }),
    taxNumber: t.string({ description: 'Tax or VAT number, at most 50 characters.' }),
    country: t.string({ required: true, description: 'ISO 3166-1, two letters.' }),
    address: t.string({ required: true, description: 'Street and number, at most 200 characters.' }),
    city: t.string({ required: true, description: 'City, at most 100 characters.' }),
    postalCode: t.string({ required: true, description: 'Postal code, at most 20 characters.' }),
  }),
});

const companyFrom = ({ taxNumber, ...company }: typeof CompanyInput.$inferInput) => ({
  ...company,
  taxNumber: taxNumber ?? null,
});

const MerchantUpdateInput = builder.inputType('MerchantUpdateInput', {
  description: 'What is to change of a merchant; what is left out stays.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    name: t.string({ description: 'Name, as payers see it; 1 to 100 characters.' }),
    company: t.field({ type: CompanyInput, description: 'All data of the company of a business account.' }),
  }),
});

const MerchantBecomeBusinessInput = builder.inputType('MerchantBecomeBusinessInput', {
  description: 'The company that a personal account becomes.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    company: t.field({ type: CompanyInput, required: true, description: 'The company.' }),
  }),
});

const MerchantCloseInput = builder.inputType('MerchantCloseInput', {
  description: 'What is closed.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
  }),
});

const MerchantClosePayload = builder.objectRef<{ merchantId: string }>('MerchantClosePayload').implement({
  description: 'The account is closed; nobody sees it any more.',
  fields: (t) => ({
    merchantId: t.id({
      description: 'Global id that the merchant had.',
      resolve: ({ merchantId }) => encodeGlobalID('Merchant', merchantId),
    }),
  }),
});

builder.mutationFields((t) => ({
  merchantUpdate: t.withAuth({ user: true }).prismaField({
    type: Merchant,
    description: 'Changes the name of a merchant and the data of its company.',
    args: { input: t.arg({ type: MerchantUpdateInput, required: true, description: 'The change.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { merchantId, name, company } = input;
      const change = {
        merchantId: merchantId.id,
        name: name ?? undefined,
        company: company ? companyFrom(company) : undefined,
      };
      unwrap(await usecases.merchantUpdate(actor, change));
      return prisma.merchant.findUniqueOrThrow({ ...query, where: { id: merchantId.id } });
    },
  }),
  merchantBecomeBusiness: t.withAuth({ user: true }).prismaField({
    type: Merchant,
    description: 'Makes a personal account one of a company. There is no way back.',
    args: {
      input: t.arg({ type: MerchantBecomeBusinessInput, required: true, description: 'The company.' }),
    },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { id: merchantId } = input.merchantId;
      unwrap(
        await usecases.merchantBecomeBusiness(actor, { merchantId, company: companyFrom(input.company) }),
      );
      return prisma.merchant.findUniqueOrThrow({ ...query, where: { id: merchantId } });
    },
  }),
  merchantClose: t.withAuth({ user: true }).field({
    type: MerchantClosePayload,
    description:
      'Closes an account for good: its keys end, its projects are archived. Asks for a step-up; `closingConditions` of the merchant must all be met.',
    args: { input: t.arg({ type: MerchantCloseInput, required: true, description: 'The account.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, ClosingConditionsUnmetError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.merchantClose(actor, { merchantId: input.merchantId.id })),
  }),
}));
