import type { Choice, Field, ManagedAuth } from '../../src/contract/auth/index.ts';
import type { AuthClient } from './auth-client.ts';
import { describeView } from './auth-client.ts';
import { poll } from './poll.ts';

/** Somebody who answers what is asked, as they would on the hosted page. */
export interface Person {
  username: string;
  password: string;
  newPassword?: string;
  /** Reads the code that was sent, or the app's. */
  code?: (field: Field) => string | undefined;
  /** Waits until they can answer, as for the next code where this one is about to run out. */
  ready?: (view: ManagedAuth) => Promise<unknown>;
  /** Takes one of the choices; undefined: fills the fields instead. Default: fills where there is something to fill. */
  choose?: (choices: Choice[], view: ManagedAuth) => Choice | undefined;
  /** Does elsewhere what the site asks for. */
  elsewhere?: () => unknown;
}

/** Codes of a submit to a question that is no longer asked. */
const REPLACED = ['no_active_interaction', 'stale_interaction'];

/** Answers every question until the flow has ended; returns what was seen at each question, and the end. */
export async function answerAll(
  auth: AuthClient,
  id: string,
  person: Person,
  timeoutMs = 60_000,
): Promise<{ questions: ManagedAuth[]; end: ManagedAuth }> {
  const questions: ManagedAuth[] = [];
  let last: string | null = null;
  let elsewhereAt: number | null = null;
  for (let round = 0; round < 12; round += 1) {
    const view: ManagedAuth = await nextView(auth, id, last, elsewhereAt, timeoutMs);
    if (view.flow_status !== 'IN_PROGRESS') return { questions, end: view };
    questions.push(view);
    if (view.flow_step === 'AWAITING_EXTERNAL_ACTION' && person.elsewhere) {
      elsewhereAt = view.revision;
      await person.elsewhere();
      continue;
    }
    last = view.interaction_id;
    await person.ready?.(view);
    const answer = await auth.submit(id, bodyFor(view, person));
    // The question was replaced while it was answered, as when its page has died: the next one is waited for.
    if (answer.status === 400 && REPLACED.includes(answer.body.code ?? '')) continue;
    // Kept by the engine until a worker is back: sent again, it is the same answer.
    if (answer.status === 503) {
      last = null;
      continue;
    }
    if (answer.status !== 202)
      throw new Error(`submit: ${answer.status} ${answer.text}; ${describeView(view)}`);
  }
  throw new Error(`More than 12 questions: ${questions.map(describeView).join('\n')}`);
}

/** What this person would submit for what is shown. */
export function bodyFor(
  view: ManagedAuth,
  person: Person,
): Record<string, unknown> & { interaction_id: string } {
  const interaction_id = view.interaction_id ?? '';
  const choices = view.choices ?? [];
  const fields = view.fields ?? [];
  const chosen = person.choose?.(choices, view) ?? (fields.length === 0 ? choices[0] : undefined);
  if (chosen) return { interaction_id, selected_choice_id: chosen.id };
  return {
    interaction_id,
    field_values: Object.fromEntries(fields.map((field) => [field.id, valueFor(field, person)])),
  };
}

/** The same in the older mode: by name, without an interaction. */
export function legacyBodyFor(view: ManagedAuth, person: Person): { fields: Record<string, string> } {
  const canonical = view.fields ?? [];
  const fields = (view.discovered_fields ?? []).map((field, index) => {
    const same = canonical[index];
    if (same === undefined) throw new Error(`No canonical field beside ${field.name}: ${describeView(view)}`);
    return [field.name, valueFor(same, person)];
  });
  return { fields: Object.fromEntries(fields) as Record<string, string> };
}

function valueFor(field: Field, person: Person): string {
  if (field.ref === 'new_password') return person.newPassword ?? '';
  if (field.type === 'password') return person.password;
  if (field.type === 'identifier' || field.ref === 'username') return person.username;
  const code = person.code?.(field);
  if (code === undefined) throw new Error(`A person has no value for ${JSON.stringify(field)}`);
  return code;
}

async function nextView(
  auth: AuthClient,
  id: string,
  last: string | null,
  elsewhereAt: number | null,
  timeoutMs: number,
): Promise<ManagedAuth> {
  let seen: ManagedAuth | undefined;
  return poll(
    async () => {
      seen = await auth.get(id);
      if (seen.flow_status !== 'IN_PROGRESS') return seen;
      if (seen.flow_step === 'AWAITING_EXTERNAL_ACTION') return seen.revision !== elsewhereAt && seen;
      return seen.flow_step === 'AWAITING_INPUT' && seen.interaction_id !== last ? seen : undefined;
    },
    { what: 'the next question or the end', timeoutMs, everyMs: 100, explain: () => describeView(seen) },
  );
}
