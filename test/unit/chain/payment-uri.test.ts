import { expect, test } from 'vitest';
import { paymentUri } from '../../../src/domain/chain/payment-uri.ts';

test.each([
  ['BITCOIN', 'bc1qexample', '0.015', 'bitcoin:bc1qexample?amount=0.015'],
  ['LITECOIN', 'ltc1qexample', '2', 'litecoin:ltc1qexample?amount=2'],
  ['ETHEREUM', '0xAbc', '1.5', '0xAbc'],
])('what a wallet of %s scans', (network, address, amount, uri) => {
  expect(paymentUri(network, address, amount)).toBe(uri);
});
