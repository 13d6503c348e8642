/** A worker that has not said for this long that it polls counts as gone, in milliseconds; it says so every 2 s. */
export const SILENT_MS = 6_000;
