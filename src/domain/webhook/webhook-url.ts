import { parseIp } from '../access/ip-address.ts';
import { isPublicAddress } from './public-address.ts';

export interface WebhookUrlRules {
  /** Production asks for https. */
  readonly allowHttp: boolean;
  /** Addresses and names of private networks: for development and tests. */
  readonly allowPrivate: boolean;
}

const MAX_URL_LENGTH = 2_048;
/** RFC 1035, 2.3.4. */
const MAX_NAME_LENGTH = 253;
/** What parsers of URLs read differently or leave out silently; RFC 3986 allows none of it. */
const AMBIGUOUS = /[\p{Cc}\s\\]/u;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** Names that mean something inside a network only: RFC 6761, 6762, 8375, ICANN's .internal, and what routers use. */
const PRIVATE_DOMAINS = 'localhost local internal home.arpa localdomain intranet lan home corp private'.split(
  ' ',
);

/** Ports below 1024 that a shop's server listens on. */
const LOW_PORTS: ReadonlySet<number> = new Set([80, 443]);

/**
 * Above, all but those where something listens that must not be fed requests made by strangers: the bad ports of the
 * Fetch standard, databases, queues, caches, remote desktops and the control of containers.
 */
const BLOCKED_PORTS: ReadonlySet<string> = new Set(
  (
    '1433 1521 1719 1720 1723 1883 2049 2375 2376 2379 2380 3306 3389 3659 4045 4190 4369 5060 5061 5432 5671 5672 ' +
    '5900 5984 5985 5986 6000 6379 6380 6443 6566 6665 6666 6667 6668 6669 6679 6697 8086 8500 9042 9092 9100 9200 ' +
    '9300 10080 10250 10255 11211 15672 25672 26379 27017 27018 27019 61616'
  ).split(' '),
);

/**
 * What is wrong with a URL for webhooks (FEATURES W6), as the end of a sentence, or null. It looks at the text only: a
 * name is resolved, and its addresses are checked, at every connection.
 */
export function webhookUrlFault(text: string, rules: WebhookUrlRules): string | null {
  if (text.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`;
  if (AMBIGUOUS.test(text) || !URL.canParse(text)) return 'must be a URL such as https://shop.example/hooks';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && rules.allowHttp))
    return rules.allowHttp ? 'must begin with https:// or http://' : 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must hold no user name and no password';
  if (text.includes('#')) return 'must have no fragment';
  if (!isAllowedPort(portOf(url))) return 'must have a port that web servers use';
  return hostFault(hostOf(url), rules);
}

/** The host to connect to, in its one form: an address without brackets, a name without the dot of the root. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');

export const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

const isAllowedPort = (port: number): boolean =>
  LOW_PORTS.has(port) || (port >= 1024 && !BLOCKED_PORTS.has(String(port)));

/** The URL parser has turned every other way to write an address (decimal, octal, hexadecimal, short) into this one. */
function hostFault(host: string, { allowPrivate }: WebhookUrlRules): string | null {
  if (parseIp(host) !== null)
    return allowPrivate || isPublicAddress(host) ? null : 'must not point to a private or reserved address';
  const labels = host.split('.');
  if (host.length > MAX_NAME_LENGTH || !labels.every((label) => LABEL.test(label)))
    return 'must have a host name that can be looked up';
  if (allowPrivate) return null;
  const isPrivate =
    labels.length < 2 || PRIVATE_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
  return isPrivate ? 'must have a host name that is known outside of your network' : null;
}
