import type { Report } from '../../../contract/index.ts';
import { PageReport } from '../../../contract/index.ts';
import { sealReading, unsealReading } from '../../../secrets/packed.ts';
import type { ConnectionRecord, OffsetPage, OffsetQuery, ReportRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';

/** Most reports of a connection; the oldest goes. */
const MOST = 20;
const DAY_MS = 86_400_000;

/** Readings of a connection's pages that somebody keeps. */
export interface Reports {
  /** Keeps the last reading. Throws `reading_not_found`. */
  create(connection: ConnectionRecord): Promise<Report>;
  list(connectionId: string, query: OffsetQuery): Promise<OffsetPage<Report>>;
  /** Throws `report_not_found`, as {@link Reports.delete} does. */
  open(connectionId: string, id: string): Promise<PageReport>;
  delete(connectionId: string, id: string): Promise<void>;
}

export function createReports({
  store,
  vault,
  now,
  newId,
  auth: { reportDays },
}: Pick<ApiDeps, 'store' | 'vault' | 'now' | 'newId' | 'auth'>): Reports {
  const { reports } = store.auth;
  return {
    async create({ id: connectionId }) {
      const at = now();
      const kept = await reports.reading(connectionId, at.toISOString());
      if (kept === undefined) throw noReading();
      const text = unsealReading(vault, kept.sealed, { use: 'reading', connectionId });
      const report = PageReport.parse(JSON.parse(text));
      const id = newId('rep');
      const record: ReportRecord = {
        ...kept,
        id,
        createdAt: at.toISOString(),
        expiresAt: new Date(at.getTime() + reportDays * DAY_MS).toISOString(),
        size: Buffer.byteLength(text),
        about: JSON.stringify(report.page),
        sealed: sealReading(vault, report, { use: 'report', reportId: id }),
      };
      await reports.add(record, MOST);
      return toReport(record);
    },
    async list(connectionId, query) {
      const { items, hasMore } = await reports.list(connectionId, query);
      return { items: items.map(toReport), hasMore };
    },
    async open(connectionId, id) {
      const record = await reports.get(connectionId, id);
      if (record === undefined) throw noSuchReport(id);
      return PageReport.parse(
        JSON.parse(unsealReading(vault, record.sealed, { use: 'report', reportId: id })),
      );
    },
    async delete(connectionId, id) {
      if (!(await reports.delete(connectionId, id))) throw noSuchReport(id);
    },
  };
}

function toReport(record: Omit<ReportRecord, 'sealed'>): Report {
  return {
    id: record.id,
    connection_id: record.connectionId,
    flow_id: record.flowId,
    taken_at: record.takenAt,
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    size: record.size,
    page: JSON.parse(record.about) as Report['page'],
  };
}

function noReading(): ApiProblem {
  const detail = 'No page of this connection was read within a day. Begin a login, and report when it fails.';
  return new ApiProblem('reading_not_found', detail);
}

function noSuchReport(id: string): ApiProblem {
  return new ApiProblem('report_not_found', `There is no report ${id} of this connection.`);
}
