import { builder } from '../core/builder.ts';
import {
  IdempotencyKeyReusedError,
  InvoiceNotOpenError,
  NotFoundError,
  ProjectNotActiveError,
  unwrap,
} from '../core/errors.ts';
import { Invoice } from './invoice.types.ts';

const InvoiceSendInput = builder.inputType('InvoiceSendInput', {
  description: 'An invoice and whom to send it to.',
  fields: (t) => ({
    invoiceId: t.globalID({ required: true, for: [Invoice], description: 'Global id of the invoice.' }),
    email: t.string({ description: "An e-mail address; the invoice's `customerEmail` when left out." }),
    idempotencyKey: t.string({
      description:
        'Repeat the request with the same key and no second mail is sent; kept for 24 hours or longer.',
    }),
  }),
});

builder.mutationField('invoiceSend', (t) =>
  t.withAuth({ authenticated: true }).field({
    type: Invoice,
    description:
      'Sends an invoice that can be paid to the customer by e-mail, with the link to its page. Creating one sends nothing.',
    args: { input: t.arg({ type: InvoiceSendInput, required: true, description: 'What to send.' }) },
    errors: { types: [NotFoundError, InvoiceNotOpenError, ProjectNotActiveError, IdempotencyKeyReusedError] },
    resolve: async (_root, { input }, { usecases, actor, reads }) => {
      const sent = unwrap(await usecases.invoiceSend(actor, { ...input, invoiceId: input.invoiceId.id }));
      const invoice = await reads.invoices.byId(sent.invoiceId, true);
      if (!invoice) throw new Error('an invoice that was just sent is not there');
      return invoice;
    },
  }),
);

builder.objectField(Invoice, 'payUrl', (t) =>
  t.field({
    type: 'URL',
    description: 'The hosted page where the payer chooses how to pay, pays, and sees what came of it.',
    resolve: ({ id }, _args, { publicUrl }) => `${publicUrl}/pay/${id}`,
  }),
);
