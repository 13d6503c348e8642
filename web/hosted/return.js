/**
 * Where the person goes from here: the address that the login was begun with, and how it ended in its query. Undefined
 * where there is none. The server has judged it; that nothing but a page is opened is looked at here again.
 */
export function returnAddress({ success_url: address, state } = {}, { connectionId, flow }) {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const outcome = {
    connection_id: connectionId,
    flow_id: flow?.flow_id,
    flow_status: flow?.flow_status,
    error_code: flow?.error_code,
  };
  for (const [name, value] of Object.entries(outcome)) {
    // Whatever the address had under our names, the outcome is told by us alone.
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  if (state !== undefined) url.searchParams.set('state', state);
  return url;
}
