import ipaddr from 'ipaddr.js';

/** Azure's metadata service is at an address of the public range; other clouds use private ones. */
const METADATA = new Set(['168.63.129.16']);

/**
 * Whether an IP address (a literal, without brackets) is one of the public internet's. IPv6 beyond the one block that
 * is handed out (2000::/3) is refused too, such as `::127.0.0.1` in its old form; and so is where clouds keep metadata.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast' || METADATA.has(address.toString())) return false;
  return address instanceof ipaddr.IPv4 || address.match(ipaddr.IPv6.parse('2000::'), 3);
}
