// npm run images:pin: writes the digest that each image's tag has now into the Dockerfile and docker-compose.yml.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici';
import { imagesIn, registryDigest, withDigests } from './supply/image-pins.ts';

setGlobalDispatcher(new EnvHttpProxyAgent());
for (const name of ['Dockerfile', 'docker-compose.yml']) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const before = readFileSync(file, 'utf8');
  const after = await withDigests(before, (image) => registryDigest(image));
  writeFileSync(file, after);
  for (const { text } of imagesIn(after)) console.log(`${name}: ${text}`);
}
