import { live, LOUD, team, type EventRow } from '../event-row.ts';

/** Events of webhook endpoints. */
export const WEBHOOK_ROWS = {
  'webhook_endpoint.created': team('SECURITY', 'webhook:read', 'A webhook endpoint was added.', LOUD),
  'webhook_endpoint.updated': team('SECURITY', 'webhook:read', 'A webhook endpoint was changed.', LOUD),
  'webhook_endpoint.secret_rotated': team(
    'SECURITY',
    'webhook:read',
    'A webhook endpoint has a new signing secret; the old one ends soon.',
    LOUD,
  ),
  'webhook_endpoint.deleted': team('SECURITY', 'webhook:read', 'A webhook endpoint was removed.', LOUD),
  'webhook_endpoint.tested': {
    ...live('PROJECT', 'A test event was asked for; only the endpoint is told.'),
    right: 'webhook:read',
    webhook: 'endpoint.test',
  },
  'webhook_endpoint.replayed': {
    ...live('PROJECT', 'What happened since a time is sent to an endpoint again.'),
    right: 'webhook:read',
  },
  'webhook_endpoint.failing': team(
    'ERRORS',
    'webhook:read',
    'Nothing reached a webhook endpoint for days; it will be disabled.',
    { severity: 'WARNING', channels: ['EMAIL', 'MERCHANT_BOT'] },
  ),
  'webhook_endpoint.disabled': team(
    'ERRORS',
    'webhook:read',
    'A webhook endpoint was disabled because it is gone or nothing reached it for days.',
    { severity: 'CRITICAL', channels: ['EMAIL', 'MERCHANT_BOT'] },
  ),
} as const satisfies Record<string, EventRow>;
