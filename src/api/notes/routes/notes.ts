import { z } from 'zod';
import { ListNotesQuery, Note, NoteId, page } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';

const tags = ['notes'];

/** Thread notes and written notes. */
export function notesRoutes(app: Api, { notes }: ApiDeps): void {
  app.get(
    '/v1/notes',
    {
      config: { scope: 'notes:read', problems: ['cursor_invalid'] },
      schema: {
        operationId: 'listNotes',
        summary: 'List or search notes',
        description: 'Newest change first; with `q`, best match first.',
        tags,
        querystring: ListNotesQuery.strict(),
        response: { 200: page(Note) },
      },
    },
    async (request) => notes.list(request.query),
  );

  app.get(
    '/v1/notes/:id',
    {
      config: { scope: 'notes:read', problems: ['note_not_found'] },
      schema: {
        operationId: 'getNote',
        summary: 'Read a note',
        tags,
        params: z.object({ id: NoteId }),
        response: { 200: Note },
      },
    },
    async ({ params: { id } }) => {
      const note = await notes.get(id);
      if (note === undefined) throw new ApiProblem('note_not_found', `There is no note ${id}.`);
      return note;
    },
  );
}
