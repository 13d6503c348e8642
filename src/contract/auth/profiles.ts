import { z } from 'zod';
import { Instant } from '../json.ts';
import { ProfileName } from './connections.ts';

/** Saved browser state; what it holds is never shown but by download. */
export const Profile = z.object({
  id: z.string(),
  name: z.string(),
  created_at: Instant,
  updated_at: Instant,
  last_used_at: Instant.optional(),
});
export type Profile = z.infer<typeof Profile>;

export const CreateProfileBody = z.strictObject({ name: ProfileName.optional() });
export const UpdateProfileBody = z.strictObject({ name: ProfileName });
