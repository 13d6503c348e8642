import type { TextStreamPart, ToolSet } from 'ai';
import type { JsonObject } from '../contract/index.ts';
import type { ReasoningPart } from '../store/store.ts';
import type { Metadata } from './reasoning.ts';

/** The parts of an answer in the order in which its model wrote them, with what the provider wants back of each. */
export interface AnswerLayout {
  readonly parts: ReasoningPart[];
  /** Takes note of text and of reasoning. */
  read(part: TextStreamPart<ToolSet>): void;
  /** Takes note of a call that counts, by its index among those. */
  call(index: number, metadata: unknown): void;
}

/** For one answer. */
export function createLayout(): AnswerLayout {
  const parts: ReasoningPart[] = [];
  const begun = new Map<string, ReasoningPart>();

  /** Ids are used again by later parts: one is known until it ends. */
  const known = (key: string, fresh: ReasoningPart, metadata: Metadata | undefined): ReasoningPart => {
    const part = begun.get(key) ?? fresh;
    if (part === fresh) parts.push(part);
    begun.set(key, part);
    addMetadata(part, metadata);
    return part;
  };

  return {
    parts,
    read(part) {
      switch (part.type) {
        case 'text-start':
          known(`text ${part.id}`, { type: 'text', length: 0 }, phaseOf(part.providerMetadata));
          return;
        case 'text-delta': {
          const text = known(`text ${part.id}`, { type: 'text', length: 0 }, undefined);
          if (text.type === 'text') text.length += part.text.length;
          return;
        }
        case 'text-end':
          begun.delete(`text ${part.id}`);
          return;
        case 'reasoning-start':
        case 'reasoning-delta':
        case 'reasoning-end': {
          const metadata = part.providerMetadata as Metadata | undefined;
          const thought = known(`reasoning ${part.id}`, { type: 'reasoning', text: '' }, metadata);
          if (part.type === 'reasoning-delta' && thought.type === 'reasoning') thought.text += part.text;
          if (part.type === 'reasoning-end') begun.delete(`reasoning ${part.id}`);
          return;
        }
      }
    },
    call(index, metadata) {
      parts.push({ type: 'call', index, ...signatureOf(metadata) });
    },
  };
}

function addMetadata(part: ReasoningPart, metadata: Metadata | undefined): void {
  for (const [vendor, fields] of Object.entries(metadata ?? {})) {
    const before = (part.metadata ?? {}) as Metadata;
    part.metadata = { ...before, [vendor]: { ...before[vendor], ...fields } };
  }
}

/** OpenAI tells the text beside calls from the final one; the ids of its items mean nothing where it stores none. */
function phaseOf(metadata: unknown): Metadata | undefined {
  const phase = (metadata as Metadata | undefined)?.['openai']?.['phase'];
  return phase === undefined || phase === null ? undefined : { openai: { phase } };
}

/** Gemini signs its calls, behind a chat completions API too. */
function signatureOf(metadata: unknown): { metadata?: JsonObject } {
  const vendors = Object.values((metadata ?? {}) as Metadata);
  const thoughtSignature = vendors.map((fields) => fields['thoughtSignature']).find((found) => found);
  return thoughtSignature === undefined ? {} : { metadata: { google: { thoughtSignature } } };
}
