/** Names under which people and password managers keep what a login calls `username`. */
const USERNAME_KEYS = new Set(['username', 'user_name', 'user', 'login', 'email', 'e-mail', 'e_mail']);

/** The key of a credential's value: `username` for all its other names, else the key as it is. */
export function credentialKey(key: string): string {
  return USERNAME_KEYS.has(key.toLowerCase()) ? 'username' : key;
}

/** Values by {@link credentialKey}; a `username` that is called so wins over its other names, else the first one. */
export function credentialValues(values: Readonly<Record<string, string>>): Record<string, string> {
  const normal = new Map<string, string>();
  for (const [key, value] of Object.entries(values)) {
    const name = credentialKey(key);
    if (name === key || !normal.has(name)) normal.set(name, value);
  }
  return Object.fromEntries(normal);
}
