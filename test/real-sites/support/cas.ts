import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../../support/install-once.ts';
import { freePort } from '../../support/processes.ts';
import { fetchFile } from './fetch-file.ts';
import { findJava, mavenUrl, unpack } from './java.ts';
import { makeSiteFolder, startSite } from './site-process.ts';
import { ADA, countOf, type SmallSite } from './small-site.ts';

const VERSION = '6.6.12';
const ARTIFACT = `cas-server-webapp-tomcat-${VERSION}.war`;
const SHA256 = '208a2692a72b3194982e16d9ba3b29449d2a52f110cde1005b167ccb73827f00';

/** Apereo CAS from Maven Central, the single sign-on of universities: a form made on the server, with a token for each visit. */
export async function startCas(): Promise<SmallSite> {
  const java = await findJava('CAS');
  const home = await installOnce('real-sites', `cas-${VERSION}`, async (part) => {
    const archive = join(part, ARTIFACT);
    const url = mavenUrl(`org/apereo/cas/cas-server-webapp-tomcat/${VERSION}/${ARTIFACT}`);
    await fetchFile({ url, sha256: SHA256, file: archive });
    await unpack(archive, part);
    rmSync(archive);
  });
  const port = await freePort();
  const folder = makeSiteFolder('cas');
  mkdirSync(join(folder, 'config'));
  const origin = `http://localhost:${port}`;
  const classes = [join(home, 'WEB-INF/classes'), join(home, 'WEB-INF/lib/*')].join(':');
  const site = await startSite({
    name: 'CAS',
    command: java,
    args: [
      ...['-Xms64m', '-Xmx768m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Djava.io.tmpdir=${folder}`],
      ...['-cp', classes, 'org.apereo.cas.web.CasWebApplication'],
      ...['--server.address=127.0.0.1', `--server.port=${port}`, '--server.ssl.enabled=false'],
      ...[`--cas.server.name=${origin}`, `--cas.server.prefix=${origin}/cas`],
      `--cas.standalone.configuration-directory=${join(folder, 'config')}`,
      `--cas.authn.accept.users=${ADA.username}::${ADA.password}`,
      ...['--server.tomcat.accesslog.enabled=true', `--server.tomcat.accesslog.directory=${folder}`],
      ...['--server.tomcat.accesslog.prefix=access', '--server.tomcat.accesslog.suffix=.log'],
      // One file, written at once.
      ...['--server.tomcat.accesslog.rotate=false', '--server.tomcat.accesslog.buffered=false'],
    ],
    env: {},
    folder,
    readyUrl: `http://127.0.0.1:${port}/cas/login`,
  });
  return {
    name: `Apereo CAS ${VERSION}`,
    origin,
    loginUrl: `${origin}/cas/login`,
    user: ADA,
    loginPosts: () => countOf(readFileSync(join(folder, 'access.log'), 'utf8'), '"POST /cas/login'),
    postsOfRefusal: 1,
    complaint: /authentication attempt has failed/i,
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}
