import { execFileSync, spawnSync } from 'node:child_process';

/** Whether OATH Toolkit's program is here (Debian package oathtool). */
export const hasOathtool = (): boolean => spawnSync('oathtool', ['--version']).status === 0;

/** The code that oathtool makes of a base32 secret at a moment. */
export const oathtoolCode = (base32Secret: string, at: Date): string =>
  execFileSync(
    'oathtool',
    ['--totp', '--base32', `--now=@${Math.floor(at.getTime() / 1000)}`, base32Secret],
    {
      encoding: 'utf8',
    },
  ).trim();
