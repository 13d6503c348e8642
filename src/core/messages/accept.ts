/** Remembers the id of a message; false where it was accepted before. Beyond so many ids the oldest is forgotten. */
export function accept(acceptedIds: string[], messageId: string, most: number): boolean {
  if (acceptedIds.includes(messageId)) return false;
  acceptedIds.push(messageId);
  if (acceptedIds.length > most) acceptedIds.shift();
  return true;
}
