import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecrets } from '../../../src/adapters/secrets/token-secrets.ts';
import { readLogoUpload, signLogoUpload } from '../../../src/usecases/logo/logo-upload-token.ts';

const secrets = createSecrets(new Uint8Array(32).fill(1));
const upload = {
  projectId: '019a0000-0000-7000-8000-000000000001',
  sessionId: '019a0000-0000-7000-8000-000000000002',
  logoId: null,
  expiresAt: new Date('2026-11-21T12:00:00Z'),
};

test('a link says what was signed, with a logo to replace and without', () => {
  for (const logoId of [null, '019a0000-0000-7000-8000-000000000003']) {
    expect(readLogoUpload(secrets, signLogoUpload(secrets, { ...upload, logoId }))).toEqual({
      ...upload,
      logoId,
    });
  }
});

test('a link with any character changed, left out or added says nothing, and neither does another gateway’s', () => {
  const token = signLogoUpload(secrets, upload);
  fc.assert(
    fc.property(fc.nat({ max: token.length - 1 }), fc.string({ maxLength: 2 }), (place, text) => {
      const changed = token.slice(0, place) + text + token.slice(place + 1);
      fc.pre(changed !== token);
      expect(readLogoUpload(secrets, changed)).toBeNull();
    }),
  );
  const others = createSecrets(new Uint8Array(32).fill(2));
  expect(readLogoUpload(secrets, signLogoUpload(others, upload))).toBeNull();
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readLogoUpload(secrets, text)).toBeNull();
    }),
  );
});
