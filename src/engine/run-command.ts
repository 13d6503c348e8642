import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Null: ended by a signal, or never started. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  timeoutMs: number;
  cwd?: string;
  /** Called with each piece of standard error as it comes. */
  onStderr?: (text: string) => void;
}

/** Runs a program to its end. A program that cannot be started, or takes longer, gives code null and the reason in stderr. */
export function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs, cwd, onStderr }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(cwd && { cwd }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(text);
    });
    child.on('error', (error) => resolve({ code: null, stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
