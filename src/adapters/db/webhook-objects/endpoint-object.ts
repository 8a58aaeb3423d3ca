import { head, headOf, objectSource, seconds, type HeadRow } from './object-source.ts';

/** $1 an endpoint. */
const ENDPOINT = `
  SELECT ${headOf('e')}, e.url, e.description, e.types, e.status, e.schedule, e.payload_version AS "payloadVersion",
    e.created_at AS "createdAt"
  FROM webhook_endpoint e WHERE e.id = $1`;

type EndpointRow = HeadRow &
  Readonly<Record<'url' | 'status' | 'schedule' | 'payloadVersion', string>> & {
    readonly description: string | null;
    readonly types: readonly string[];
    readonly createdAt: Date;
  };

const write = (row: EndpointRow) => ({
  ...head('endpoint', 'WebhookEndpoint', row),
  url: row.url,
  description: row.description,
  types: row.types,
  status: row.status,
  schedule: row.schedule,
  payload_version: row.payloadVersion,
  created: seconds(row.createdAt),
});

/** What a test event shows: the endpoint itself, without its secrets. */
export const endpointObject = objectSource<EndpointRow>({
  objectType: 'endpoint',
  text: ENDPOINT,
  valuesOf: ({ subject }) => [subject.id],
  write,
});
