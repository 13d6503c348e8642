import type { z } from 'zod';
import type * as contract from '../contract/index.ts';

/*
 * The shapes that the contract has as schemas only. What has defaults may be left out of what is sent (`z.input`).
 */

export type SessionWithTurns = z.infer<typeof contract.SessionWithTurns>;
export type ResultReceipt = z.infer<typeof contract.ResultReceipt>;
export type CreatedToken = z.infer<typeof contract.CreatedToken>;
export type CreatedWebhook = z.infer<typeof contract.CreatedWebhook>;
export type TotpCode = z.infer<typeof contract.TotpCode>;
export type SafeConnection = z.infer<typeof contract.SafeConnection>;
export type SubmitAnswer = z.infer<typeof contract.SubmitAnswer>;
export type EventsPage = z.infer<typeof contract.EventsPage>;

export type StartTurnBody = z.input<typeof contract.StartTurnBody>;
export type DecisionBody = z.input<typeof contract.DecisionBody>;
export type PutAgentBody = z.input<typeof contract.PutAgentBody>;
export type CreateWebhookBody = z.input<typeof contract.CreateWebhookBody>;
export type LoginBody = z.input<typeof contract.LoginBody>;
export type CreateProfileBody = z.input<typeof contract.CreateProfileBody>;

/** Where a list goes on, and how much of it. */
export interface PageQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
}
export type TurnsQuery = PageQuery & Partial<Omit<contract.ListTurnsQuery, 'limit' | 'cursor'>>;
export type ApprovalsQuery = PageQuery & Partial<Omit<contract.ListApprovalsQuery, 'limit' | 'cursor'>>;
export type NotesQuery = PageQuery & Partial<Omit<contract.ListNotesQuery, 'limit' | 'cursor'>>;

/** The same of the lists of managed auth, which go on by number. */
export interface OffsetQuery {
  limit?: number | undefined;
  offset?: number | undefined;
}
export type ConnectionsQuery = OffsetQuery & { domain?: string; profile_name?: string; query?: string };
export type CredentialsQuery = OffsetQuery & { domain?: string; query?: string };
export type ProfilesQuery = OffsetQuery & { name?: string; query?: string };
export type TimelineQuery = OffsetQuery & { type?: contract.TimelineType };

/** A page of a list of managed auth. */
export interface OffsetPage<T> {
  items: T[];
  /** `offset` of the next page; absent where there is none. */
  nextOffset?: number;
}
