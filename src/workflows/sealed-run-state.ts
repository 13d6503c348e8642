// Each workflow has this module to itself. Undefined outside of workflows, and before a workflow's start was looked at.
let sealed: boolean | undefined;

/** Whether what begun this workflow run was encrypted; undefined where that is not known. */
export function isSealedRun(): boolean | undefined {
  return sealed;
}

export function setSealedRun(value: boolean): void {
  sealed = value;
}
