import type { Store } from '../../store/store.ts';
import { ApiProblem } from '../problems.ts';

/** Says that there is no such agent, and why where a definition file once gave it. */
export async function noSuchAgent(
  { agents }: Pick<Store, 'agents'>,
  name: string,
  more = '',
): Promise<ApiProblem> {
  const gone = await agents.gone(name);
  const why =
    gone === undefined
      ? ''
      : gone.how === 'retired'
        ? ` Its definition file was removed; the agent was retired at ${gone.at}. Put the file back, or PUT a definition.`
        : ` It was deleted by the API at ${gone.at}. PUT a definition, or change its file or put it in place again.`;
  return new ApiProblem('agent_not_found', `There is no agent ${name}.${why}${more}`);
}
