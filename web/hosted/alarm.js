/** Waits that are cut short when the page is seen again, or the network is back. */
export function createAlarm() {
  const waiting = new Set();
  const ring = () => {
    for (const wake of waiting) wake();
  };
  for (const event of ['online', 'pageshow', 'focus']) addEventListener(event, ring);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ring());
  return (waitMs) =>
    new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      waiting.add(wake);
    });
}
