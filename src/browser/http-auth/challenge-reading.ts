import type { PageField } from '../../contract/index.ts';
import { sha256Hex } from '../../digest.ts';
import type { PageReading } from '../page/page-reading.ts';
import type { Challenge } from './challenge.ts';

/** A challenge as a form with a name and a password, which is what a browser's own window asks for. */
export function readingOf({ url, origin, realm }: Challenge): PageReading {
  const place = [origin, realm];
  return {
    url,
    status: 401,
    fingerprint: sha256Hex(['http_auth', ...place].join('\n')).slice(0, 32),
    purpose: 'login',
    fields: [
      fieldOf({ ref: 'username', type: 'identifier', legacyType: 'text', label: 'User name' }, place),
      fieldOf({ ref: 'password', type: 'password', legacyType: 'password', label: 'Password' }, place),
    ],
    choices: [],
    texts: [],
    textBlocks: [],
    blank: false,
    busy: false,
    targets: { fields: new Map(), choices: new Map() },
  };
}

function fieldOf(
  field: Pick<PageField, 'ref' | 'type' | 'legacyType' | 'label'>,
  place: readonly string[],
): PageField {
  const id = `field-${sha256Hex(['http_auth', ...place, field.ref].join('\n')).slice(0, 16)}`;
  return { id, ...field, name: field.ref, selector: ':root', required: true };
}
