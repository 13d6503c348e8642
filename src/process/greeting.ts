import type { Config } from '../config.ts';
import type { ApiPart } from './api-part.ts';

/** What a person needs next: where everything is, and two lines that work. */
export function greeting(config: Config, api: ApiPart, uiUrl: string | undefined): string {
  const auth = `-H "Authorization: Bearer $(cat ${quote(config.tokenFile)})"`;
  const body = JSON.stringify({
    agent: 'rehearsal',
    sessionId: 'first',
    input: '/call write_file {"path":"hello.txt","content":"hi"}\n/say Written.',
  });
  return [
    '',
    'Longturn is ready.',
    `  API          ${api.url}   (docs: ${api.url}/docs)`,
    `  Token file   ${config.tokenFile}`,
    ...(uiUrl ? [`  Temporal UI  ${uiUrl}`] : []),
    '',
    'Start a turn that asks for an approval, then follow it:',
    `  curl -sS ${auth} -H 'Content-Type: application/json' ${api.url}/v1/turns -d '${body}'`,
    `  curl -sSN ${auth} -H 'Accept: text/event-stream' ${api.url}/v1/sessions/first/events`,
    '',
    '',
  ].join('\n');
}

function quote(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
