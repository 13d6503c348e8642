import type { TimelineEvent } from '../../../contract/index.ts';
import { withWords } from '../../../core/auth/step-words.ts';
import type { AuthStore, OffsetPage } from '../../../store/auth-store.ts';

/** Entries of a timeline with the steps of each login, in words too. */
export async function withSteps(
  { timeline }: Pick<AuthStore, 'timeline'>,
  page: OffsetPage<TimelineEvent>,
): Promise<OffsetPage<TimelineEvent>> {
  const flowIds = page.items.flatMap(({ flow_id: flowId }) => flowId ?? []);
  const steps = await timeline.steps(flowIds);
  const items = page.items.map((event) => {
    const own = steps.get(event.flow_id ?? '');
    return own === undefined ? event : { ...event, steps: own.map(withWords) };
  });
  return { ...page, items };
}
