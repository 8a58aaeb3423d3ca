import { describe, expect, test } from 'vitest';
import { isEmail, isMailbox } from '../../../src/domain/account/email-address.ts';

describe('an e-mail address', () => {
  test.each(['sam@shop.example', "o'hara+tag@shop.example", 'a.b-c_d@x.y.dd', 'zoë@käse.example'])(
    '%s is one',
    (text) => expect(isEmail(text)).toBe(true),
  );

  test.each([
    ['a comment', 'a(b)@c.dd'],
    ['a bracket', 'a[b@c.dd'],
    ['a literal', 'a@[192.0.2.1]'],
    ['a comment in the domain', 'a@c(d).dd'],
    ['two signs', 'a@b@c.dd'],
    ['no dot', 'a@localhost'],
    ['dots before the sign only', 'a.bc@localhost'],
    ['a list', 'a@c.dd,b@c.dd'],
    ['a name', 'A <a@c.dd>'],
    ['a quote', '"a"@c.dd'],
    ['spaces around it', ' a@c.dd'],
    ['a line break', 'a@c.dd\n'],
    ['a control character', 'a\u0001@c.dd'],
    ['65 characters before the sign', `${'a'.repeat(65)}@c.dd`],
    ['255 characters', `a@${'c'.repeat(250)}.dd`],
  ])('%s makes it none', (_what, text) => expect(isEmail(text)).toBe(false));

  test('of the gateway itself may end in a bare host name', () => {
    expect(isMailbox('no-reply@localhost')).toBe(true);
    expect(isMailbox('a(b)@localhost')).toBe(false);
  });
});
