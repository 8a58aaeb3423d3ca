import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passwordFault } from '../../../src/domain/account/password-rule.ts';

const names = ['Ada.Byron@shop.example', 'Corner Shop', 'Bo'];
const isCommon = (password: string): boolean => password === 'password1';
const faultOf = (password: string) => passwordFault(password, { names, isCommon });

describe('a password', () => {
  test.each([
    ['eight characters', 'k7#wq!zb'],
    ['words', 'correct horse battery staple'],
    ['256 characters beyond the first plane', '🐎🐴🦄🐖'.repeat(64)],
    ['a name among other words', 'corner shop with a green door'],
    ['spaces around it', '  k7#wq!zb  '],
    ['a short name', 'bo123456'],
  ])('may be %s', (_what, password) => expect(faultOf(password)).toBeNull());

  test.each([
    ['of seven characters', 'k7#wq!z', 'LENGTH'],
    ['of seven characters in fourteen units', '🐎🐴🦄🐖🐏🐑🐐', 'LENGTH'],
    ['of 257 characters', 'k7#wq!zb'.repeat(32) + 'x', 'LENGTH'],
    ['of a million', 'k'.repeat(1_000_000), 'LENGTH'],
    ['with half a character', 'k7#wq!zb\uD800', 'TEXT'],
    ['that is common', 'password1', 'COMMON'],
    ['that is common in capitals', 'PassWord1', 'COMMON'],
    ['that is common between spaces', ' password1 ', 'COMMON'],
    ['of one character', 'aaaaaaaaaaaa', 'GUESSABLE'],
    ['of two', 'abababababab', 'GUESSABLE'],
    ['that is the address', 'ada.byron@SHOP.example', 'GUESSABLE'],
    ['that is its first part with a number', 'AdaByron99!', 'GUESSABLE'],
    ['that is the name of the merchant', 'corner shop', 'GUESSABLE'],
    ['that is it in one word, with digits', 'CornerShop123', 'GUESSABLE'],
    ['that is it in full-width letters', 'ｃｏｒｎｅｒ－ｓｈｏｐ', 'GUESSABLE'],
    ['that is the product', 'Paybell!!', 'GUESSABLE'],
    ['that is the product twice', 'paybellpaybell', 'GUESSABLE'],
  ])('is not taken %s', (_what, password, fault) => expect(faultOf(password)).toBe(fault));

  test('has its length counted in code points, whatever they are', () => {
    const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(fc.array(character, { minLength: 0, maxLength: 300 }), (characters) => {
        const outside = characters.length < 8 || characters.length > 256;
        expect(faultOf(characters.join('')) === 'LENGTH').toBe(outside);
      }),
    );
  });
});
