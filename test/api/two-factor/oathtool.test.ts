import { describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { hasOathtool, oathtoolCode } from '../../testkit/oathtool.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { beginEnrollment, openPerson, PASSWORD, signInWith, stepUp } from './two-factor-kit.ts';

const isHere = hasOathtool();
if (!isHere) {
  if (process.env['REQUIRE_ALL']) throw new Error('REQUIRE_ALL: oathtool must be installed');
  process.stderr.write('SKIPPED: oathtool was not found\n');
}

describe.skipIf(!isHere)('with oathtool as the authenticator', () => {
  const clock = createMovableClock();
  const kit = usePlatform({ overrides: { clock } });

  test('a person sets it up, signs in, proves to be there and takes it off', async () => {
    const person = await openPerson(kit, 'ada@shop.example');
    const { email } = person;
    const secret = await beginEnrollment(kit, person);
    const code = (step: number) => oathtoolCode(secret, new Date(clock.now().getTime() + step * 30_000));
    const enabled = await person.client.send(operations.TwoFactorEnableDocument, {
      input: { totpCode: code(0) },
    });
    accepted(enabled.twoFactorEnable, 'TwoFactorEnablePayload');

    const credentials = { email, password: PASSWORD };
    const { api } = kit.platform;
    expect(await signInWith(api, credentials)).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });
    // Used before; of a step that is too far away, behind and ahead.
    for (const totpCode of [code(0), code(-2), code(2)]) {
      expect(await signInWith(api, { ...credentials, totpCode })).toMatchObject({ code: 'CODE_REFUSED' });
    }
    clock.advance({ seconds: 60 });
    const totpCode = code(0);
    const signedIn = accepted(await signInWith(api, { ...credentials, totpCode }), 'SessionCreatePayload');
    expect(await signInWith(api, { ...credentials, totpCode })).toMatchObject({ code: 'CODE_REFUSED' });

    clock.advance({ seconds: 30 });
    const client = api.as(signedIn.token);
    const stepped = accepted(await stepUp(client, { totpCode: code(0) }), 'SessionStepUpPayload');
    clock.advance({ seconds: 30 });
    const disabled = await api
      .as(stepped.token)
      .send(operations.TwoFactorDisableDocument, { input: { totpCode: code(0) } });
    expect(disabled.twoFactorDisable).toMatchObject({ disabled: true });
    accepted(await signInWith(api, credentials), 'SessionCreatePayload');
  });
});
