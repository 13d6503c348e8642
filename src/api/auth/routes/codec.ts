import { VaultError } from '../../../secrets/vault.ts';
import { CodecBody } from '../../../temporal/codec-endpoint.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { invalidRequest } from '../../plugins/parsing.ts';

const tags = ['operations'];
/** A page of a history arrives in one request, in bytes. */
const BODY_LIMIT_BYTES = 16 * 1_048_576;

/** The payload codec for the engine's own UI and CLI (`--codec-endpoint …/codec`). */
export function codecRoutes(app: Api, { codec }: Pick<ApiDeps, 'codec'>): void {
  for (const verb of ['encode', 'decode'] as const) {
    app.post(
      `/codec/${verb}`,
      {
        bodyLimit: BODY_LIMIT_BYTES,
        config: { scope: 'admin' },
        schema: {
          operationId: `${verb}Payloads`,
          summary: `The remote codec of the engine's UI and CLI: ${verb}`,
          tags,
          body: CodecBody,
          response: { 200: CodecBody },
        },
      },
      async ({ body }) => {
        try {
          return await codec[verb](body);
        } catch (error) {
          if (error instanceof VaultError)
            throw invalidRequest([{ path: 'body.payloads', message: error.message }]);
          throw error;
        }
      },
    );
  }
}
