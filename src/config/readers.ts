import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** A whole number within bounds, or the default. */
export const integer = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
    .optional()
    .transform((value) => value ?? fallback);

/** "true" or "false"; undefined when it is not set. */
export const flag = () =>
  z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .optional();

/** Comma-separated, blanks around items ignored; empty when not set. */
export const list = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item))
    .optional()
    .transform((items) => items ?? []);

/** An absolute URL of one of the schemes. The message repeats nothing: connection URLs hold passwords. */
export const url = (...schemes: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

/** An absolute URL that paths are put behind: without a slash at its end, however it was written. */
export const baseUrl = (...schemes: readonly string[]) =>
  url(...schemes).transform((text) => text.replace(/\/+$/, ''));

/** scheme://host[:port] of a web page, as browsers send it in Origin. */
export const origin = () =>
  url('https', 'http').refine((text) => new URL(text).origin === text, {
    message: 'must be an origin such as https://shop.example, without path',
    abort: true,
  });

/** An IP address or a CIDR range. */
export const cidr = () =>
  z.string().refine(isCidr, { message: 'must be addresses or CIDR ranges such as 10.0.0.0/8' });

function isCidr(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d{1,3}$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
