import { z } from 'zod';
import { PageReport, Report, ReportId } from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { OffsetQuery, sendPage } from '../../offset-list.ts';
import { ConnectionPath, NoContent } from '../../schemas.ts';
import { findConnection } from '../operations/find-connection.ts';
import type { Reports } from '../operations/reports.ts';

const tags = ['auth'];
const ReportPath = ConnectionPath.extend({ reportId: ReportId });

/** Reports of pages that are read wrongly, for whoever mends the reading. */
export function reportRoutes(app: Api, { store }: Pick<ApiDeps, 'store'>, reports: Reports): void {
  app.post(
    '/auth/connections/:id/report',
    {
      config: { scope: 'auth:write', problems: ['connection_not_found', 'reading_not_found'] },
      schema: {
        operationId: 'createReport',
        summary: 'Keep the page that the newest login has read last, for whoever mends the reading',
        description:
          'Controls, headings, texts and structure, scrubbed of what was typed or is stored, of addresses, numbers and tokens. ' +
          'The newest 20 of a connection are kept.',
        tags,
        params: ConnectionPath,
        response: { 201: Report },
      },
    },
    async ({ params }, reply) =>
      reply.code(201).send(await reports.create(await findConnection(store, params.id))),
  );

  app.get(
    '/auth/connections/:id/reports',
    {
      config: { scope: 'admin', problems: ['connection_not_found'] },
      schema: {
        operationId: 'listReports',
        summary: "List a connection's reports, newest first",
        tags,
        params: ConnectionPath,
        querystring: OffsetQuery,
        response: { 200: z.array(Report) },
      },
    },
    async ({ params, query }, reply) => {
      const { id } = await findConnection(store, params.id);
      return sendPage(reply, await reports.list(id, query), query.offset);
    },
  );

  app.get(
    '/auth/connections/:id/reports/:reportId',
    {
      config: { scope: 'admin', problems: ['connection_not_found', 'report_not_found'] },
      schema: {
        operationId: 'getReport',
        summary: 'Read a report: a fixture for the tests of page reading',
        tags,
        params: ReportPath,
        response: { 200: PageReport },
      },
    },
    async ({ params }, reply) => {
      const { id } = await findConnection(store, params.id);
      return reply.header('cache-control', 'no-store').send(await reports.open(id, params.reportId));
    },
  );

  app.delete(
    '/auth/connections/:id/reports/:reportId',
    {
      config: { scope: 'admin', problems: ['connection_not_found', 'report_not_found'] },
      schema: {
        operationId: 'deleteReport',
        summary: 'Delete a report',
        tags,
        params: ReportPath,
        response: { 204: NoContent },
      },
    },
    async ({ params }, reply) => {
      const { id } = await findConnection(store, params.id);
      await reports.delete(id, params.reportId);
      return reply.code(204).send();
    },
  );
}
