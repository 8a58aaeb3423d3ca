import { z } from 'zod';
import { cidr, flag, integer, list, origin, baseUrl } from './readers.ts';
import type { Variables } from './variable.ts';

export const httpVariables = {
  HOST: {
    description: 'Address to listen on.',
    shownDefault: '127.0.0.1',
    schema: z.string().default('127.0.0.1'),
  },
  PORT: {
    description: 'Port to listen on; 0 takes a free one.',
    shownDefault: '4000',
    schema: integer(4000, 0, 65_535),
  },
  PUBLIC_URL: {
    description:
      'Address under which people reach the gateway; links in messages begin with it. https in production.',
    shownDefault: 'http://localhost:4000',
    requiredInProduction: true,
    schema: baseUrl('https', 'http')
      .optional()
      .transform((text) => text ?? 'http://localhost:4000'),
  },
  TRUSTED_PROXIES: {
    description:
      'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed, separated by commas.',
    schema: list(cidr()),
  },
  ALLOWED_ORIGINS: {
    description: 'Origins of other sites whose pages may call the API, separated by commas.',
    schema: list(origin()),
  },
  CONNECTIONS_PER_ADDRESS: {
    description:
      'Sockets and event streams that one address may have open in a process, an IPv6 address with its /64; 0 for no ' +
      'limit. Behind a proxy that `TRUSTED_PROXIES` does not name, all callers have one address.',
    shownDefault: '200',
    schema: integer(200, 0, 1_000_000),
  },
  CONNECTIONS_PER_ACCOUNT: {
    description: 'The same of one person or one secret API key.',
    shownDefault: '200',
    schema: integer(200, 0, 1_000_000),
  },
  GRAPHIQL: { description: 'Serve GraphiQL.', shownDefault: 'true, in production false', schema: flag() },
  INTROSPECTION: {
    description: 'Answer questions about the schema.',
    shownDefault: 'true, in production false',
    schema: flag(),
  },
} as const satisfies Variables;
