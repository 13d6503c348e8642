import type { Profile } from '../../../contract/index.ts';
import type { OffsetPage, OffsetQuery } from '../offset-page.ts';
import type { Sealed } from '../sealed.ts';

/** Saved browser state with its name. `version` counts the saves. */
export interface ProfileRecord extends Profile {
  version: number;
}

export interface ProfileStore {
  /** The profile of a name, made on first use. */
  ensure(profile: { id: string; name: string; at: string }): Promise<ProfileRecord>;
  /** Makes a profile; undefined when the name is taken. */
  create(profile: { id: string; name: string; at: string }): Promise<ProfileRecord | undefined>;
  /** By id, else by name. */
  find(idOrName: string): Promise<ProfileRecord | undefined>;
  list(query: OffsetQuery & { name?: string; query?: string }): Promise<OffsetPage<ProfileRecord>>;
  /** False when another profile has the name; undefined when there is no such profile. */
  rename(id: string, name: string, at: string): Promise<ProfileRecord | false | undefined>;
  /** Deletes the profile and its state. `in_use`: connections refer to it. */
  delete(id: string): Promise<'deleted' | 'in_use' | 'missing'>;
  /** The saved state and the version it has; undefined when there is none yet. */
  state(id: string): Promise<{ state: Sealed; version: number } | undefined>;
  /**
   * Replaces the state where its version is still `version` (0: nothing saved yet): the lease of a save, which merges
   * what is there. False: somebody saved meanwhile, merge again.
   */
  saveState(save: { id: string; version: number; state: Sealed; at: string }): Promise<boolean>;
  touch(id: string, at: string): Promise<void>;
}
