import { z } from 'zod';
import { Instant } from '../json.ts';
import { GivenDomain } from './connections.ts';

const CredentialName = z
  .string()
  .regex(/^[A-Za-z0-9._@ -]{1,255}$/, 'must be 1–255 letters, digits or ". _ - @"');
const CredentialValues = z
  .record(z.string().min(1).max(200), z.string().max(10_000))
  .refine((values) => Object.keys(values).length <= 50, 'at most 50 values')
  .meta({ maxProperties: 50 });
const TotpSecret = z
  .string()
  .max(500)
  .transform((text) => text.replace(/[\s-]/g, '').toUpperCase())
  .refine((text) => /^[A-Z2-7]*=*$/.test(text), 'must be Base32')
  .meta({ pattern: '^[A-Za-z2-7 -]*[= -]*$', description: 'Base32; blanks and "-" do not count.' });

/** A stored login, without its values. */
export const Credential = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string(),
  sso_provider: z.string().nullable(),
  has_values: z.boolean(),
  has_totp_secret: z.boolean(),
  value_keys: z.array(z.string()).optional(),
  created_at: Instant,
  updated_at: Instant,
});
export type Credential = z.infer<typeof Credential>;

export const CreateCredentialBody = z.strictObject({
  name: CredentialName,
  domain: GivenDomain,
  values: CredentialValues,
  sso_provider: z.string().max(200).nullish(),
  totp_secret: TotpSecret.optional(),
});
export type CreateCredentialBody = z.infer<typeof CreateCredentialBody>;

export const UpdateCredentialBody = z.strictObject({
  name: CredentialName.optional(),
  sso_provider: z.string().max(200).nullish(),
  values: CredentialValues.optional(),
  remove_value_keys: z.array(z.string()).max(50).optional().describe('Removed before `values` are merged.'),
  totp_secret: TotpSecret.optional().describe('An empty one clears it.'),
});
export type UpdateCredentialBody = z.infer<typeof UpdateCredentialBody>;

export const TotpCode = z.object({ code: z.string(), expires_at: Instant });
