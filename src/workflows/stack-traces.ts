/**
 * Loaded into the workflows' context before anything else (`preloadModules` of the bundle). For each promise that workflow
 * code makes, the SDK takes a stack trace and maps it back to the sources, for the stack trace query of Temporal's UI. That is
 * a third of the CPU of a turn's workflow, so it is done only where the worker asks for it (`stackTraces` of `createWorker`).
 * Errors keep their traces: three frames say where one comes from.
 */
Error.stackTraceLimit = 3;

/** Made in the place of an error whose trace nobody will read. Without a trace, the SDK notes nothing of the promise. */
class Untraced {
  readonly stack = undefined;
}

const traced = Reflect.get(globalThis, 'longturnStackTraces') === true;

/** What the SDK's hook asks the context for, by source text: twice as a promise is made, once as it settles. */
const ASKED = new Map<string, () => unknown>([
  ['return globalThis.__TEMPORAL_ACTIVATOR__', () => Reflect.get(globalThis, '__TEMPORAL_ACTIVATOR__')],
  ['return globalThis.Error', () => (traced ? Error : Untraced)],
]);

/**
 * The hook reaches a context through `promise.constructor.constructor`, which is `Function`, and so compiles a function
 * each time: as much CPU as the trace itself. It is given the same functions, compiled once.
 */
Object.defineProperty(Promise, 'constructor', {
  value: (source: string) => ASKED.get(source) ?? Function(source),
});

export {};
