import type { Sealed } from '../sealed.ts';

/** A picture of the page that a flow asks about, sealed; gone when the flow ends. */
export interface PreviewRecord {
  flowId: string;
  /** The question that it belongs to. */
  interactionId: string;
  expiresAt: string;
  sealed: Sealed;
}

export interface PreviewStore {
  /** Keeps the picture of a question in place of the one before; false, and nothing is kept, where that is not asked any more. */
  put(preview: PreviewRecord): Promise<boolean>;
  /** The picture of what a flow asks now, unless it has expired. */
  get(flowId: string, at: string): Promise<PreviewRecord | undefined>;
}
