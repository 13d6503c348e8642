import { z } from 'zod';
import { CreateProfileBody, Profile, ProfileName } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { OffsetQuery, Search, sendPage } from '../../offset-list.ts';
import { profileNameTaken } from '../operations/find-profile.ts';

const tags = ['profiles'];

const ListQuery = OffsetQuery.extend({
  name: ProfileName.optional(),
  query: Search.describe('Part of the name.'),
});

/** Saved browser states, by name. */
export function profilesRoutes(
  app: Api,
  { store, now, newId }: Pick<ApiDeps, 'store' | 'now' | 'newId'>,
): void {
  const { profiles } = store.auth;

  app.post(
    '/profiles',
    {
      config: { scope: 'auth:write', problems: ['already_exists'] },
      schema: {
        operationId: 'createProfile',
        summary: 'Make a profile; without a name it is called by its id',
        tags,
        body: CreateProfileBody.optional(),
        response: { 201: Profile },
      },
    },
    async ({ body }, reply) => {
      const id = newId('prof');
      const name = body?.name ?? id;
      const made = await profiles.create({ id, name, at: now().toISOString() });
      if (made === undefined) throw await profileNameTaken(store, name);
      return reply.code(201).send(made);
    },
  );

  app.get(
    '/profiles',
    {
      config: { scope: 'auth:read' },
      schema: {
        operationId: 'listProfiles',
        summary: 'List profiles, newest first',
        tags,
        querystring: ListQuery,
        response: { 200: z.array(Profile) },
      },
    },
    async ({ query: { name, query, limit, offset } }, reply) => {
      const wanted = {
        limit,
        offset,
        ...(name !== undefined && { name }),
        ...(query !== undefined && { query }),
      };
      return sendPage(reply, await profiles.list(wanted), offset);
    },
  );
}
