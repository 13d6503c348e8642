import type { Approval, Grant, JsonObject } from '../../contract/index.ts';
import { covers, type JudgedCall, judge } from '../../core/policy/policy.ts';
import { digestOf } from '../../digest.ts';
import type { Further } from '../../tools/tool.ts';
import type { RunToolInput } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { pinnedDefinition } from './pinned-definition.ts';

/** Most steps that judging one call may take; some 10 ms. */
const MAX_JUDGING = 400_000;

/**
 * Reads what the policy says of calls that a call leads to: by the turn's pinned policy, the grants in force now, and what
 * this worker's tool says of its arguments.
 */
export async function readFurther(
  deps: ActivityDeps,
  { turnId, sessionId, callId, tool }: RunToolInput,
  input: JsonObject,
): Promise<(input: JsonObject) => Further> {
  const { store, tools, now } = deps;
  const { policy } = await pinnedDefinition(deps, turnId);
  const at = now().toISOString();
  // Those that are counted were counted for the call itself.
  const grants = (await store.grants.inForce(sessionId, turnId, at)).filter(
    ({ maxUses }) => maxUses === undefined,
  );
  const approval = await store.approvals.get(callId);
  const { gate: own, subjects = {} } = tools.describe(tool) ?? {};
  const judged = (given: JsonObject) => ({ tool, input: given, inputDigest: digestOf(given), subjects });
  const call = judged(input);
  const first = judge(call, policy, own, [], at, MAX_JUDGING);
  const firstRule = 'rule' in first ? first.rule : undefined;
  const isDecided = isByPerson(approval) || grants.some((grant) => isExactly(grant, call, at));
  return (given) => {
    const judgement = judge(judged(given), policy, own, grants, at, MAX_JUDGING);
    if (judgement.gate === 'allow') return { gate: 'allow' };
    const { gate, rule, reason } = judgement;
    const told = { rule, sameRule: rule === firstRule, ...(reason !== undefined && { reason }) };
    return gate === 'deny' ? { gate, ...told } : { gate, ...told, approved: told.sameRule && isDecided };
  };
}

/** A person let this very call go on; a grant or a rule speaks for what it names only. */
function isByPerson(approval: Approval | undefined): boolean {
  return approval?.action === 'allow' || approval?.action === 'always';
}

function isExactly(grant: Grant, call: JudgedCall, at: string): boolean {
  return grant.matcher?.kind === 'exact' && covers(grant, call, at, MAX_JUDGING);
}
