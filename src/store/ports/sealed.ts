/** Encrypted with the keyring of `src/secrets`; the store never sees what is inside. */
export type Sealed = string;
