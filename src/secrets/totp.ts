import { Secret, TOTP, URI } from 'otpauth';

/** Seconds for which a code is right. */
const PERIOD_S = 30;
const DIGITS = 6;

export interface TotpCode {
  code: string;
  /** Number of the time step; a code of one step is used once. */
  step: number;
  /** When the next code takes its place. */
  expiresAt: Date;
}

/** The code of a Base32 secret at an instant: SHA-1, 6 digits, 30 s. */
export function totpAt(secret: string, at: Date): TotpCode {
  const step = Math.floor(at.getTime() / 1_000 / PERIOD_S);
  const code = TOTP.generate({
    secret: Secret.fromBase32(secret),
    digits: DIGITS,
    period: PERIOD_S,
    timestamp: at.getTime(),
  });
  return { code, step, expiresAt: new Date((step + 1) * PERIOD_S * 1_000) };
}

/**
 * The Base32 secret of what a password manager keeps: an `otpauth://` URI, or the secret itself, also in groups.
 * Undefined where it is neither, or asks for codes of another kind than {@link totpAt} makes.
 */
export function totpSecretOf(text: string): string | undefined {
  const secret = /^otpauth:/i.test(text.trim()) ? secretOfUri(text.trim()) : text.replace(/[\s-]/g, '');
  const base32 = secret?.toUpperCase().replace(/=+$/, '');
  return base32 !== undefined && /^[A-Z2-7]{2,}$/.test(base32) ? base32 : undefined;
}

function secretOfUri(uri: string): string | undefined {
  try {
    const otp = URI.parse(uri);
    const isUsual =
      otp instanceof TOTP && otp.algorithm === 'SHA1' && otp.digits === DIGITS && otp.period === PERIOD_S;
    return isUsual ? otp.secret.base32 : undefined;
  } catch (error) {
    // Of the parser; its message repeats the URI, secret and all.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
