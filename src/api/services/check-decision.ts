import { argumentGlobProblems } from '../../agents/check-policy.ts';
import { findPin } from '../../agents/pin.ts';
import { CatalogueTool, type DecisionBody, type JsonObject } from '../../contract/index.ts';
import type { TurnRecord } from '../../store/store.ts';
import { callFacts } from '../call-record.ts';
import type { ApiDeps } from '../deps.ts';
import { invalidRequest } from '../plugins/parsing.ts';
import { ApiProblem, type Fault } from '../problems.ts';
import { dottedPath } from '../request-faults.ts';
import { noSuchCall } from './find.ts';
import { assertTool } from './settled-call.ts';

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
    assertTool(tool, decision.toolName, callId);
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

  /** A store that was restored may lack it until a step of the turn needs it. */
  async function catalogueOf(turn: TurnRecord): Promise<CatalogueTool[]> {
    const { digests } = turn;
    if (!digests) return [];
    const pinned = await store.snapshots.get(digests.catalogue);
    if (pinned !== undefined) return CatalogueTool.array().parse(pinned);
    const found = await findPin({ store, tools }, turn, digests);
    return found.found === 'lost' ? [] : found.pin.catalogue;
  }

  async function entryOf(turn: TurnRecord, tool: string): Promise<CatalogueTool> {
    const entry = (await catalogueOf(turn)).find(({ name }) => name === tool);
    if (entry === undefined) throw new Error(`the pinned catalogue of turn ${turn.id} has no tool ${tool}`);
    return entry;
  }

  async function problemsOf({ inputSchema, locus }: CatalogueTool, input: JsonObject): Promise<Fault[]> {
    const verdict = await schemas.check(inputSchema, input, { isOurs: locus === 'server' });
    if (verdict.ok) return [];
    return verdict.problems.map(({ path, message }) => ({ path: dottedPath('body.input', path), message }));
  }
}

/** A grant's globs are those of a rule: one that cannot be read would cover nothing, or not what it seems to. */
function refuseGlobs({ grant }: DecisionBody): void {
  if (grant?.matcher?.kind !== 'glob') return;
  const problems = argumentGlobProblems('grant.matcher.args', grant.matcher.args);
  if (problems.length === 0) return;
  throw invalidRequest(problems.map(({ path, message }) => ({ path: dottedPath('body', path), message })));
}
