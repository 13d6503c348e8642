import { element } from './dom.js';

/** Pictures that may be shown as they are; whatever else an address says is asked of the API. */
const PICTURE = /^data:image\/(?:png|jpeg|webp);base64,/;

/**
 * The picture of the site's page that asks, folded away: it helps where the words do not, and is no part of the answer.
 * `picture` fetches one from the API.
 */
export function previewOf({ preview, domain }, { words, picture }) {
  if (!preview?.url) return undefined;
  const image = element('img', { alt: words.say('preview', { site: domain }) });
  const folded = element(
    'details',
    { class: 'preview' },
    element('summary', {}, words.say('previewTitle', { site: domain })),
    image,
  );
  const show = PICTURE.test(preview.url) ? Promise.resolve(preview.url) : picture(preview.url);
  show.then(
    (source) => {
      if (source === undefined) folded.remove();
      else image.src = source;
    },
    () => folded.remove(),
  );
  return folded;
}

/**
 * Fetches pictures for a page: only from where the page itself is from, with its token, as data (the page's policy lets no
 * other picture in). Undefined where there is none.
 */
export function createPictures({ base, token }) {
  const known = new Map();
  return (address) => {
    const url = URL.parse(address.startsWith('/') ? `${base}${address}` : address, location.href);
    if (url?.origin !== location.origin) return Promise.resolve(undefined);
    if (!known.has(url.href)) known.set(url.href, load(url, token()));
    return known.get(url.href);
  };
}

async function load(url, token) {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    cache: 'no-store',
    credentials: 'omit',
  });
  if (!response.ok) return undefined;
  const data = await asDataUrl(await response.blob());
  return PICTURE.test(data) ? data : undefined;
}

function asDataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
