import type { PageView } from '../../contract/index.ts';
import { remarksOn } from '../../core/auth/remarks.ts';
import type { Flow } from './flow.ts';

/** Most sentences that are kept of one login. */
const REMARKS_AT_MOST = 20;

/** Keeps what was done on a page without asking; the next question tells it, where it has nothing more urgent to say. */
export function keepRemarks(flow: Flow, page: PageView): void {
  const remarks = remarksOn(page);
  if (remarks.length === 0) return;
  const { memory } = flow.state;
  memory.remarks = [...new Set([...(memory.remarks ?? []), ...remarks])].slice(0, REMARKS_AT_MOST);
  flow.notice ??= remarks.join(' ');
}
