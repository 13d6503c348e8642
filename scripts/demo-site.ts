import { parseArgs } from 'node:util';
import { defaultUser } from '../test/support/fake-site/accounts.ts';
import { type FakeSite, startFakeSite } from '../test/support/fake-site/fake-site.ts';
import type { SentMessage } from '../test/support/fake-site/outbox.ts';
import { scenarios } from '../test/support/fake-site/scenarios/all.ts';
import { totpCode, totpWindow } from '../test/support/fake-site/totp.ts';

const usage = 'Usage: npm run demo:site -- [--port 4600]   (the second origin takes the next port)';

await main();

async function main(): Promise<void> {
  const port = portOf(process.argv.slice(2));
  if (port === undefined) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const site = await startSite(port);
  if (site === undefined) return;
  console.log(introduction(site));
  const stop = (): void => {
    void site[Symbol.asyncDispose]().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function portOf(args: string[]): number | undefined {
  try {
    const { port } = parseArgs({ args, options: { port: { type: 'string', default: '4600' } } }).values;
    const number = Number(port);
    return Number.isInteger(number) && number > 0 && number < 65_535 ? number : undefined;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

async function startSite(port: number): Promise<FakeSite | undefined> {
  try {
    return await startFakeSite({ port, ssoPort: port + 1, onMessage: printMessage });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    console.error(
      `Port ${port} or ${port + 1} is taken. Stop what runs there, or choose another: --port 4700`,
    );
    process.exitCode = 1;
    return undefined;
  }
}

function printMessage({ scenario, kind, to, code, at }: SentMessage): void {
  const time = new Date(at).toISOString().slice(11, 19);
  const texts = {
    sms: `text message to ${to}: code ${code}`,
    'e-mail': `e-mail to ${to}: code ${code}`,
    link: `e-mail to ${to}: sign in with ${code}`,
    push: `push to the phone: approve with ${code}`,
  };
  console.log(`${time}  ${scenario}: ${texts[kind]}`);
}

function introduction(site: FakeSite): string {
  const width = Math.max(...scenarios.map(({ name }) => site.loginUrl(name).length));
  const list = scenarios.map(({ name, summary }) => `  ${site.loginUrl(name).padEnd(width)}  ${summary}`);
  const { username, password, totpSecret } = defaultUser;
  return `The demo site runs. A public page is at ${site.origin}/, a second origin (for sso) at ${site.ssoOrigin}.

${list.join('\n')}

User name     ${username}
Password      ${password}
Authenticator secret ${totpSecret}; the code is ${totpCode(totpSecret, totpWindow(Date.now()))} now and changes every 30 s
              (the code of now: node -p "new (require('otpauth').TOTP)({secret:'${totpSecret}'}).generate()")
Sent codes, links and push requests are printed below. A push is approved by opening
${site.origin}/__control/approve-push (other controls: see test/support/fake-site/control-routes.ts).

Start Longturn so that its browser may come here:
  LONGTURN_BROWSER_ALLOW=${site.host},${site.ssoHost} npm start

Ctrl-C ends the demo site.
`;
}
