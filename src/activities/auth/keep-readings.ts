import type { PageReport, PageView } from '../../contract/index.ts';
import { pageFacts } from '../../core/auth/timeline-steps.ts';
import { sealReading } from '../../secrets/packed.ts';
import type { ConnectionRecord } from '../../store/auth-store.ts';
import type { HeldActivities, OpeningActivities } from '../../workflows/auth/activities.ts';
import type { AuthActivityDeps } from './deps.ts';

/** How long the last reading of a connection is kept, for a report, in milliseconds. */
const KEPT_MS = 24 * 3_600_000;

interface Of {
  flowId: string;
  connectionId: string;
}

type Reading = Pick<HeldActivities, 'observePage' | 'actOnPage' | 'waitExternal'>;

/** The same activities; the page that each of them has read is kept for a report, the newest of each connection. */
export function keepingReadings<
  O extends Pick<OpeningActivities, 'openLogin' | 'resumeLogin'>,
  H extends Reading,
>(deps: AuthActivityDeps, opening: O, held: H): { opening: O; held: H } {
  /** Nobody waits for it, but where the browser is about to be closed. */
  const keep = async (of: Of, page: PageView | undefined): Promise<void> => {
    // What stands behind a login is nobody's business here.
    if (page === undefined || page.kind === 'logged_in') return;
    const kept = keepReading(deps, of, page).catch((error: unknown) => {
      const reason = error instanceof Error ? error.name : 'unknown';
      deps.log.debug({ ...of, reason }, 'the reading of a page was not kept');
    });
    if (page.kind === 'blocked') await kept;
  };
  return {
    opening: {
      ...opening,
      openLogin: async (input) => {
        const opened = await opening.openLogin(input);
        await keep(input, opened.page);
        return opened;
      },
      resumeLogin: async (input) => {
        const opened = await opening.resumeLogin(input);
        await keep(input, opened.page);
        return opened;
      },
    },
    held: {
      ...held,
      observePage: async (input) => {
        const page = await held.observePage(input);
        await keep(input, page);
        return page;
      },
      actOnPage: async (input) => {
        const report = await held.actOnPage(input);
        await keep(input, report.page);
        return report;
      },
      waitExternal: async (input) => {
        const page = await held.waitExternal(input);
        await keep(input, page);
        return page;
      },
    },
  };
}

async function keepReading(
  deps: AuthActivityDeps,
  { flowId, connectionId }: Of,
  page: PageView,
): Promise<void> {
  const { auth, browser, vault, now } = deps;
  const connection = await auth.connections.get(connectionId);
  if (!connection) return;
  const frames = await browser.reading(flowId, await knownOf(deps, connection));
  if (frames === undefined) return;
  const at = now();
  const report: PageReport = {
    format: 'longturn.page-reading',
    version: 1,
    taken_at: at.toISOString(),
    page: pageFacts(page),
    frames,
  };
  await auth.reports.putReading({
    connectionId,
    flowId,
    takenAt: report.taken_at,
    expiresAt: new Date(at.getTime() + KEPT_MS).toISOString(),
    sealed: sealReading(vault, report, { use: 'reading', connectionId }),
  });
}

/** What is known of a person without being typed: the profile's name, and what a stored credential holds. */
export async function knownOf(
  { credentials }: AuthActivityDeps,
  connection: ConnectionRecord,
): Promise<string[]> {
  const { profileName, settings } = connection;
  // A provider elsewhere is not asked for every page; what is typed of it is known to the browser.
  if (settings.credential?.name === undefined) return [profileName];
  const stored = await credentials.resolve(connection);
  if (stored === undefined) return [profileName];
  const { values, totpSecret } = stored;
  return [profileName, ...Object.values(values), ...(totpSecret === undefined ? [] : [totpSecret])];
}
