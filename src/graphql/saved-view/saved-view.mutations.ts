import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { checkedFilter } from './list-filters.ts';
import { ListNameEnum, SavedView } from './saved-view.types.ts';

const SavedViewSaveInput = builder.inputType('SavedViewSaveInput', {
  description: 'A list as a person likes to see it.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the merchant.' }),
    list: t.field({ type: ListNameEnum, required: true, description: 'Which list.' }),
    name: t.string({
      required: true,
      description: '1 to 100 characters; a view of that name is overwritten.',
    }),
    columns: t.stringList({ required: true, description: 'Columns of the list, in the order to show them.' }),
    filter: t.field({
      type: 'JSON',
      description: "An object as the list's filter takes it; {} for all rows.",
    }),
  }),
});

const SavedViewRemoveInput = builder.inputType('SavedViewRemoveInput', {
  description: 'A saved view to remove.',
  fields: (t) => ({
    savedViewId: t.globalID({
      required: true,
      for: [SavedView],
      description: 'Global id of the saved view.',
    }),
  }),
});

const SavedViewRemoved = builder.objectRef<{ savedViewId: string }>('SavedViewRemovePayload').implement({
  description: 'A saved view is gone.',
  fields: (t) => ({
    savedViewId: t.globalID({
      description: 'The global id that it had.',
      resolve: ({ savedViewId }) => ({ id: savedViewId, type: SavedView }),
    }),
  }),
});

builder.mutationFields((t) => ({
  savedViewSave: t.withAuth({ user: true }).prismaField({
    type: SavedView,
    description: 'Keeps columns and filter of a list under a name, for yourself. At most 50.',
    args: { input: t.arg({ type: SavedViewSaveInput, required: true, description: 'The view.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }, { schema }) => {
      const { merchantId, list, name, columns } = input;
      const filter = checkedFilter(schema, list, input.filter ?? {});
      const view = { merchantId: merchantId.id, list, name, columns, filter };
      const { savedViewId } = unwrap(await usecases.savedViewSave(actor, view));
      return prisma.savedView.findUniqueOrThrow({ ...query, where: { id: savedViewId } });
    },
  }),
  savedViewRemove: t.withAuth({ user: true }).field({
    type: SavedViewRemoved,
    description: 'Removes a saved view of your own.',
    args: { input: t.arg({ type: SavedViewRemoveInput, required: true, description: 'The view.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.savedViewRemove(actor, { savedViewId: input.savedViewId.id })),
  }),
}));
