import { z } from 'zod';
import { NAME_PATTERN } from '../ids.ts';
import { Instant } from '../json.ts';
import { FlowId } from './flow.ts';
import { StepPage } from './timeline-step.ts';

export const ReportId = z.string().regex(NAME_PATTERN).describe('Id of a report.');

/** A page that a login read, kept for whoever mends the reading of pages. */
export const Report = z.object({
  id: ReportId,
  connection_id: z.string(),
  flow_id: FlowId,
  taken_at: Instant.describe('When the page was read.'),
  created_at: Instant,
  expires_at: Instant.describe('It is deleted then, or with the connection.'),
  size: z.number().int().min(0).describe('Of what is downloaded, in bytes.'),
  page: StepPage.describe('What the page was taken for.'),
});
export type Report = z.infer<typeof Report>;

/** What the probe told of one frame (`FrameSnapshot` in src/browser/page/frame-snapshot.ts), scrubbed. */
export const ReportedFrame = z.object({
  origin: z.string(),
  path: z.string(),
  snapshot: z.record(z.string(), z.unknown()),
});
export type ReportedFrame = z.infer<typeof ReportedFrame>;

/** A report's content: a fixture that the tests of page reading load. docs/managed-auth.md describes it. */
export const PageReport = z.object({
  format: z.literal('longturn.page-reading'),
  version: z.literal(1),
  taken_at: Instant,
  page: StepPage,
  frames: z.array(ReportedFrame).describe('The first is the top one.'),
});
export type PageReport = z.infer<typeof PageReport>;
