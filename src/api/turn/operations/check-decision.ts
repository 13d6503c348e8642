import { argumentGlobProblems } from '../../../agents/check-policy.ts';
import { findPin, ToolNotHere } from '../../../agents/pin.ts';
import { CatalogueTool, type DecisionBody, type JsonObject } from '../../../contract/index.ts';
import { toolFault } from '../../../core/turn/settled.ts';
import type { TurnRecord } from '../../../store/store.ts';
import type { ApiDeps } from '../../deps.ts';
import { invalidRequest } from '../../plugins/parsing.ts';
import { ApiProblem, type Fault } from '../../problems.ts';
import { dottedPath } from '../../request-faults.ts';
import { callFacts } from '../call-record.ts';
import { noSuchCall } from './find.ts';
import { problemOf } from './settled-call.ts';

/** What the API checks of a decision before the workflow does: the tool's name, and an edited input's schema. */
export type CheckDecision = (turn: TurnRecord, callId: string, decision: DecisionBody) => Promise<void>;

/** Schemas are those of the turn's pinned catalogue, whatever tools there are now. */
export function createCheckDecision({
  store,
  gateway,
  tools,
  schemas,
}: Pick<ApiDeps, 'store' | 'gateway' | 'tools' | 'schemas'>): CheckDecision {
  return async (turn, callId, decision) => {
    refuseGlobs(decision);
    if (decision.toolName === undefined && decision.input === undefined) return;
    const { tool, decided } = await toolOf(turn, callId);
    const fault = toolFault({ callId, tool }, decision.toolName);
    if (fault) throw problemOf(fault);
    if (decision.input === undefined || decided) return;
    const errors = await problemsOf(await entryOf(turn, tool), decision.input);
    if (errors.length === 0) return;
    throw new ApiProblem('input_invalid', `The edited input is none that "${tool}" takes; see errors.`, {
      errors,
    });
  };

  async function toolOf(turn: TurnRecord, callId: string): Promise<{ tool: string; decided: boolean }> {
    const record = await store.approvals.get(callId);
    if (record?.turnId === turn.id) return { tool: record.tool, decided: record.status !== 'pending' };
    const recorded = callFacts(await store.events.ofCall(turn.id, callId), callId);
    if (recorded?.status === 'completed' || recorded?.status === 'failed') {
      return { tool: recorded.tool, decided: true };
    }
    const { calls } = await gateway.snapshot(turn.id);
    const call = calls.find((candidate) => candidate.callId === callId);
    if (call === undefined) throw noSuchCall(callId, `Turn ${turn.id}`);
    return { tool: call.tool, decided: call.status !== 'pending' };
  }

  async function entryOf(turn: TurnRecord, tool: string): Promise<CatalogueTool> {
    const entry = (await catalogueOf(turn)).find(({ name }) => name === tool);
    if (entry === undefined) throw pinLost(turn, `it has no tool "${tool}"`);
    return entry;
  }

  /** A store that was restored may lack it until a step of the turn needs it, and may not know that the turn has begun. */
  async function catalogueOf(turn: TurnRecord): Promise<CatalogueTool[]> {
    const digests = turn.digests ?? (await digestsOfStart(turn.id));
    if (!digests) throw pinLost(turn, 'it has not begun there');
    const pinned = await store.snapshots.get(digests.catalogue);
    if (pinned !== undefined) return CatalogueTool.array().parse(pinned);
    try {
      const found = await findPin({ store, tools }, turn, digests);
      if (found.found === 'lost') throw pinLost(turn, `${found.what} is not what it was`);
      return found.pin.catalogue;
    } catch (error) {
      if (error instanceof ToolNotHere) throw pinLost(turn, `there is no tool "${error.tool}" here`);
      throw error;
    }
  }

  async function digestsOfStart(turnId: string): Promise<TurnRecord['digests']> {
    const [started] = await store.events.list(turnId);
    return started?.type === 'turn.started' ? started.digests : undefined;
  }

  async function problemsOf({ inputSchema, locus }: CatalogueTool, input: JsonObject): Promise<Fault[]> {
    const verdict = await schemas.check(inputSchema, input, { isOurs: locus === 'server' });
    if (verdict.ok) return [];
    return verdict.problems.map(({ path, message }) => ({ path: dottedPath('body.input', path), message }));
  }
}

/** Without the tool's schema as it was pinned nobody can tell whether an edited input is one that the tool takes. */
function pinLost({ id }: TurnRecord, why: string): ApiProblem {
  return new ApiProblem(
    'pin_lost',
    `The edited input cannot be checked: the store lacks what turn ${id} is pinned to, as after a restore, and ${why}. Allow the call as it is, deny it, or answer in its place.`,
  );
}

/** A grant's globs are those of a rule: one that cannot be read would cover nothing, or not what it seems to. */
function refuseGlobs({ grant }: DecisionBody): void {
  if (grant?.matcher?.kind !== 'glob') return;
  const problems = argumentGlobProblems('grant.matcher.args', grant.matcher.args);
  if (problems.length === 0) return;
  throw invalidRequest(problems.map(({ path, message }) => ({ path: dottedPath('body', path), message })));
}
