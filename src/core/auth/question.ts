import type { PageField, PageView } from '../../contract/index.ts';
import type { PlannedAct } from './planned-act.ts';

/** A page that can be answered. */
export type AnswerablePage = Extract<PageView, { kind: 'form' | 'external' }>;

/** What a person is asked, and what is filled in beside the answer without asking. */
export interface Question {
  interactionId: string;
  /** Its choices may be taken instead of filling fields. */
  page: AnswerablePage;
  /** Fields that the answer must or may hold. */
  asked: PageField[];
  /** Filled from what is known. */
  known: PlannedAct['fill'];
  /** The site did not take what was typed before. */
  rejected: boolean;
  /** Path of the picture of the page, once there is one. */
  preview?: string;
  /** What the person should know, in our words. */
  notice?: string;
}
