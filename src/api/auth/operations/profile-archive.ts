import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { pack } from 'tar-stream';
import type { ProfileRecord } from '../../../store/auth-store.ts';
import type { ApiDeps } from '../../deps.ts';

export type ArchiveFormat = 'tar' | 'tar.zst';

const compress = promisify(zstdCompress);

/**
 * A profile's saved state as an archive: `profile.json` (its name), `state.json` (all of the state) and
 * `storage-state.json` (cookies and local storage, as Playwright reads them). Undefined when nothing is saved yet.
 */
export async function archiveProfile(
  { store, vault }: Pick<ApiDeps, 'store' | 'vault'>,
  profile: ProfileRecord,
  format: ArchiveFormat,
): Promise<Buffer | undefined> {
  const saved = await store.auth.profiles.state(profile.id);
  if (saved === undefined) return undefined;
  const text = vault.open(saved.state, { use: 'profile', profileId: profile.id });
  const { storage } = JSON.parse(text) as { storage?: unknown };
  const about = {
    id: profile.id,
    name: profile.name,
    version: saved.version,
    updated_at: profile.updated_at,
  };
  const tar = await packFiles(new Date(profile.updated_at), {
    'profile.json': JSON.stringify(about),
    'state.json': text,
    ...(storage !== undefined && { 'storage-state.json': JSON.stringify(storage) }),
  });
  return format === 'tar' ? tar : compress(tar);
}

async function packFiles(mtime: Date, files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name, mtime, mode: 0o600 }, text);
  archive.finalize();
  return buffer(archive);
}
