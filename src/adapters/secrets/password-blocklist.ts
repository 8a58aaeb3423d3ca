import { MIN_PASSWORD } from '../../domain/account/password-rule.ts';
import type { PasswordBlocklist } from '../../usecases/ports/secrets.ts';

/** About 18,000 passwords of eight characters and more that were seen most in leaks, unpacked when first asked for. */
export function createPasswordBlocklist(): PasswordBlocklist {
  let common: Promise<ReadonlySet<string>> | undefined;
  return {
    async load() {
      common ??= readDictionary();
      const passwords = await common;
      return (lowerCase) => passwords.has(lowerCase);
    },
  };
}

async function readDictionary(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter((password) => password.length >= MIN_PASSWORD));
}
