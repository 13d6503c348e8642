/** Bounds of store work: quick, repeatable, and worth waiting for while a database is away. */
export const storeWork = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '7d',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
} as const;
