import { fetch } from 'undici';

/** An image as a Dockerfile or docker-compose.yml names it. */
export interface ImageReference {
  /** As it is written, `name:tag` and perhaps `@sha256:…`. */
  text: string;
  name: string;
  tag: string;
  /** `sha256:…` of the image, or of the list of images for several machines. */
  digest?: string;
}

/** Where manifests of images are asked for. */
export interface Registry {
  url: string;
  /** Gives out tokens for reading. */
  authUrl: string;
}

/** The registry of images whose names have no host. */
export const DOCKER_HUB: Registry = {
  url: 'https://registry-1.docker.io',
  authUrl: 'https://auth.docker.io/token?service=registry.docker.io',
};

// A list first: its digest is the same on every machine.
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const REFERENCE =
  /(?<=^FROM +|^[ \t]*image: *(?:&\S+ +)?|^x-\S+: +&\S+ +)([a-z0-9./-]+):([\w.-]+)(?:@(sha256:[0-9a-f]{64}))?/gm;

/** Images that a Dockerfile or docker-compose.yml names by tag, in the order of the text, each once. */
export function imagesIn(text: string): ImageReference[] {
  const found = [...text.matchAll(REFERENCE)].map(([all, name = '', tag = '', digest]) => ({
    text: all,
    name,
    tag,
    ...(digest && { digest }),
  }));
  return [...new Map(found.map((image) => [image.text, image])).values()];
}

/** The text with the digest of each of its images, as `digestOf` tells it. */
export async function withDigests(
  text: string,
  digestOf: (image: ImageReference) => Promise<string>,
): Promise<string> {
  let pinned = text;
  for (const image of imagesIn(text)) {
    const { name, tag } = image;
    pinned = pinned.replaceAll(
      new RegExp(`${escaped(image.text)}(?!@)(?![\\w.-])`, 'g'),
      `${name}:${tag}@${await digestOf(image)}`,
    );
  }
  return pinned;
}

/**
 * The digest that a registry has for the tag of an image now.
 * @throws an Error where the registry does not answer with one.
 */
export async function registryDigest(
  { name, tag }: Pick<ImageReference, 'name' | 'tag'>,
  { url, authUrl }: Registry = DOCKER_HUB,
): Promise<string> {
  const repository = name.includes('/') ? name : `library/${name}`;
  const granted = await fetch(`${authUrl}&scope=repository:${repository}:pull`);
  if (!granted.ok) throw new Error(`${authUrl} answered ${granted.status} for ${repository}`);
  const { token } = (await granted.json()) as { token?: string };
  const answer = await fetch(`${url}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${token}`, accept: MANIFEST_TYPES.join(', ') },
  });
  const digest = answer.headers.get('docker-content-digest');
  if (answer.ok && digest && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(`${url} answered ${answer.status} for ${repository}:${tag}, with the digest ${digest}`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
