const VENDOR_PATH = /^\/(auth|credentials|profiles)(\/|$)/;

const SECRET_PATH = /^\/(auth|credentials|profiles|codec|v1\/webhooks)(\/|$)/;

/** Whether requests to a path hold secrets: no answer repeats what was sent, neither keys nor values. */
export function isSecretPath(path: string): boolean {
  return SECRET_PATH.test(path);
}

/** Whether a path is one of the routes that keep the vendor's habits: managed auth, credentials, profiles. */
export function isVendorPath(path: string): boolean {
  return VENDOR_PATH.test(path);
}
