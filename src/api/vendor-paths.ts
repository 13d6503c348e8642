const VENDOR_PATH = /^\/(auth|credentials|profiles)(\/|$)/;

/** Whether a path is one of the routes that keep the vendor's habits: managed auth, credentials, profiles. */
export function isVendorPath(path: string): boolean {
  return VENDOR_PATH.test(path);
}
