import { z } from 'zod';
import { Profile, UpdateProfileBody } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { NoContent, ProfilePath } from '../../schemas.ts';
import { findProfile, noSuchProfile, profileNameTaken } from '../operations/find-profile.ts';
import { archiveProfile } from '../operations/profile-archive.ts';

const tags = ['profiles'];

const DownloadQuery = z.strictObject({ format: z.enum(['tar.zst', 'tar']).default('tar.zst') });
const TYPES = { tar: 'application/x-tar', 'tar.zst': 'application/zstd' } as const;

/** One saved browser state: read, rename, delete. */
export function profileRoutes(app: Api, { store, now }: Pick<ApiDeps, 'store' | 'now'>): void {
  const { profiles } = store.auth;

  app.get(
    '/profiles/:id',
    {
      config: { scope: 'auth:read', problems: ['profile_not_found'] },
      schema: {
        operationId: 'getProfile',
        summary: 'Read a profile, without its state',
        tags,
        params: ProfilePath,
        response: { 200: Profile },
      },
    },
    async ({ params }) => findProfile(store, params.id),
  );

  app.patch(
    '/profiles/:id',
    {
      config: { scope: 'auth:write', problems: ['profile_not_found', 'already_exists'] },
      schema: {
        operationId: 'renameProfile',
        summary: 'Give a profile another name',
        tags,
        params: ProfilePath,
        body: UpdateProfileBody,
        response: { 200: Profile },
      },
    },
    async ({ params, body: { name } }) => {
      const { id } = await findProfile(store, params.id);
      const renamed = await profiles.rename(id, name, now().toISOString());
      if (renamed === undefined) throw noSuchProfile(params.id);
      if (renamed === false) throw await profileNameTaken(store, name);
      return renamed;
    },
  );

  app.delete(
    '/profiles/:id',
    {
      config: { scope: 'auth:write', problems: ['profile_not_found', 'profile_in_use'] },
      schema: {
        operationId: 'deleteProfile',
        summary: 'Delete a profile and its state',
        tags,
        params: ProfilePath,
        response: { 204: NoContent },
      },
    },
    async ({ params }, reply) => {
      const { id, name } = await findProfile(store, params.id);
      const outcome = await profiles.delete(id);
      if (outcome === 'missing') throw noSuchProfile(params.id);
      if (outcome === 'in_use') {
        const detail = `Auth connections use the profile ${name}: delete those of GET /auth/connections?profile_name=${name} first.`;
        throw new ApiProblem('profile_in_use', detail);
      }
      return reply.code(204).send();
    },
  );
}

/** The state itself; whoever has it is logged in. */
export function profileDownloadRoute(app: Api, deps: Pick<ApiDeps, 'store' | 'vault'>): void {
  app.get(
    '/profiles/:id/download',
    {
      // Whoever has the state is logged in, so the scope of reading is not enough.
      config: { scope: 'auth:write', problems: ['profile_not_found'] },
      schema: {
        operationId: 'downloadProfile',
        summary: "Download a profile's state",
        description:
          'An archive with `profile.json`, `state.json` and `storage-state.json`. It holds live logins: keep it secret.',
        tags,
        params: ProfilePath,
        querystring: DownloadQuery,
        response: {
          200: {
            description: 'The archive.',
            content: Object.fromEntries(Object.values(TYPES).map((type) => [type, { schema: z.unknown() }])),
          },
          202: z.undefined().describe('Nothing is saved yet.'),
        },
      },
    },
    async ({ params, query: { format } }, reply) => {
      const profile = await findProfile(deps.store, params.id);
      const archive = await archiveProfile(deps, profile, format);
      if (archive === undefined) return reply.code(202).send();
      return reply
        .type(TYPES[format])
        .header('content-disposition', `attachment; filename="${profile.name}.${format}"`)
        .send(archive);
    },
  );
}
