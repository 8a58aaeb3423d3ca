import { paymentLinkStep, type PaymentLinkStep, type PaymentLinkStepDeps } from './payment-link-step.ts';

/** A link takes nothing new from now on; its open invoices can still be paid. A repeat gives the same answer. */
export type PaymentLinkDisable = PaymentLinkStep;

export const paymentLinkDisable = (deps: PaymentLinkStepDeps): PaymentLinkDisable =>
  paymentLinkStep(deps, 'payment_link.disabled');
