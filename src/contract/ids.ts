import { z } from 'zod';

/** What a person or a program may choose as a name or an id. */
export const NAME_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

const id = (description: string) =>
  z.string().regex(NAME_PATTERN, 'must be 1–64 letters, digits, "_" or "-"').describe(description);

/** The name of an agent definition. */
export const AgentName = id('Name of an agent.');
export const SessionId = id('Id of a session; chosen by the client or made by the server.');
export const TurnId = id('Id of a turn.');
export const CallId = id('Id of one tool call, unique across turns.');
export const GrantId = id('Id of a remembered decision.');
export const TokenId = id('Id of an API token.');
export const NoteId = id('Id of a note.');
