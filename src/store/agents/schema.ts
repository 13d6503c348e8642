export interface AgentTable {
  name: string;
  digest: string;
  source: 'file' | 'api';
  updated_at: string;
  definition: string;
}

export interface AgentFileTable {
  name: string;
  file_digest: string;
  taken_at: string;
  /** Since when the file is not there any more. */
  retired_at: string | null;
  /** When the agent was deleted by the API, the file being there. */
  deleted_at: string | null;
}

/** Definitions of agents, and the files they come from. */
export interface AgentDatabase {
  agents: AgentTable;
  agent_files: AgentFileTable;
}
