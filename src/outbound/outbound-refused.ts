/** Why nothing is sent: the address is not a public one, or the URL is not https. */
export type RefusalCode = 'address_refused' | 'https_required';

/** The guard of the way out does not let a connection be made. The message says what, where, and how to mend it. */
export class OutboundRefused extends Error {
  override name = 'OutboundRefused';
  readonly code: RefusalCode;
  /** As the URL writes it. */
  readonly host: string;
  readonly port: number;
  /** What is not public: the host itself, or what it resolves to. Absent where the name alone was enough. */
  readonly address: string | undefined;

  /** `setting`: the variable in which the operator lists what may be reached all the same. */
  constructor(
    code: RefusalCode,
    { host, port, address, setting }: { host: string; port: number; address?: string; setting: string },
  ) {
    const why = code === 'https_required' ? 'is reached by https only' : 'is not a public address';
    super(`${host}:${port} ${why}; it may be reached only if ${setting} names it.`);
    this.code = code;
    this.host = host;
    this.port = port;
    this.address = address;
  }
}
