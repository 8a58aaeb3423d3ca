import { pageSettings, type PageSettings } from '../../domain/project/page-settings.ts';
import { builder } from '../core/builder.ts';
import { Project } from './project.types.ts';

const ProjectPage = builder.objectRef<PageSettings>('ProjectPage').implement({
  description: 'How the payment page of a project looks and what it says.',
  fields: (t) => ({
    title: t.exposeString('title', { nullable: true, description: "Headline; null for the project's name." }),
    accentColor: t.exposeString('accentColor', { description: 'Colour of buttons and links, as #rrggbb.' }),
    backgroundColor: t.exposeString('backgroundColor', { description: 'Colour behind it all, as #rrggbb.' }),
    supportEmail: t.exposeString('supportEmail', {
      nullable: true,
      description: 'Where payers write to for help.',
    }),
    supportUrl: t.expose('supportUrl', {
      type: 'URL',
      nullable: true,
      description: 'Where payers look for help.',
    }),
    language: t.exposeString('language', {
      nullable: true,
      description: "BCP 47; null for the language of the payer's browser.",
    }),
    redirectAutomatically: t.exposeBoolean('redirectAutomatically', {
      description: 'Whether a payer who has paid is taken back to the shop without a click.',
    }),
    showMerchantName: t.exposeBoolean('showMerchantName', {
      description: "Whether the merchant's name stands beside the project's.",
    }),
  }),
});

builder.prismaObjectFields(Project, (t) => ({
  page: t.field({
    type: ProjectPage,
    description: 'Look and texts of the payment page.',
    resolve: ({ page }) => pageSettings(page),
  }),
}));

export const ProjectPageInput = builder.inputType('ProjectPageInput', {
  description: 'Settings of the payment page. What is left out stays as it is; null is the default.',
  fields: (t) => ({
    title: t.string({ description: 'Headline, 1 to 100 characters in one line.' }),
    accentColor: t.string({ description: 'Colour of buttons and links, as #rrggbb.' }),
    backgroundColor: t.string({ description: 'Colour behind it all, as #rrggbb.' }),
    supportEmail: t.string({ description: 'Where payers write to for help.' }),
    supportUrl: t.field({ type: 'URL', description: 'Where payers look for help.' }),
    language: t.string({ description: 'BCP 47 language tag.' }),
    redirectAutomatically: t.boolean({ description: 'Takes a payer who has paid back without a click.' }),
    showMerchantName: t.boolean({ description: "Shows the merchant's name beside the project's." }),
  }),
});
