import { paymentLinkStep, type PaymentLinkStep, type PaymentLinkStepDeps } from './payment-link-step.ts';

/** A disabled link takes payments again. A repeat gives the same answer. */
export type PaymentLinkEnable = PaymentLinkStep;

export const paymentLinkEnable = (deps: PaymentLinkStepDeps): PaymentLinkEnable =>
  paymentLinkStep(deps, 'payment_link.enabled');
