import type { AuthEventData, AuthEventType } from '../../contract/index.ts';
import type { WebhookEvent } from '../ports/webhooks.ts';
import type { NamedConnectionRow } from './connection-row.ts';
import { flowView } from './flow-row.ts';
import type { FlowRow } from './schema.ts';

/**
 * An event of a connection, and of its newest flow where there is one. Of the rows' own words only: nothing of the site, and no
 * URL that lets anybody in.
 */
export function authEvent(
  type: AuthEventType,
  connection: NamedConnectionRow,
  flow: FlowRow | undefined,
  at: string,
): WebhookEvent<AuthEventData> {
  return {
    type,
    at,
    data: {
      connection_id: connection.id,
      domain: connection.domain,
      profile_name: connection.profile_name,
      status: connection.status,
      flow_id: flow?.id ?? null,
      revision: flow?.revision ?? null,
      flow_status: flow?.status ?? null,
      flow_step: flow?.step ?? null,
      error_code: flow ? flowView(flow).error_code : null,
    },
  };
}
