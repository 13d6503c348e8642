import type { AgentDatabase } from './agents/schema.ts';
import type { AuthDatabase } from './auth/schema.ts';
import type { DeletionDatabase } from './deletion/schema.ts';
import type { NoteDatabase } from './notes/schema.ts';
import type { TokenDatabase } from './tokens/schema.ts';
import type { TurnDatabase } from './turn/schema.ts';
import type { WebhookDatabase } from './webhooks/schema.ts';
import type { WorkerDatabase } from './workers/schema.ts';

/**
 * All tables, each in the schema of its room. Those of the full text search belong to its adapters.
 *
 * One schema for both databases: ids and ISO instants as text, JSON as text, numbers as integers. Columns that may be long
 * stand last, so that reading the others does not walk over them.
 */
export interface Database
  extends AgentDatabase,
    AuthDatabase,
    DeletionDatabase,
    NoteDatabase,
    TokenDatabase,
    TurnDatabase,
    WebhookDatabase,
    WorkerDatabase {}
