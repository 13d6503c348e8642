import { join } from 'node:path';
import { installPackages, type PythonPackages } from '../../support/python-packages.ts';

/**
 * Django from PyPI (or pip's configured index), each package checked against its SHA-256.
 * @throws where Python or pip is missing, or the download fails.
 */
export async function installDjango(): Promise<PythonPackages> {
  return await installPackages({
    name: 'Django',
    requirements: join(import.meta.dirname, 'django-requirements.txt'),
    oldestPython: [3, 10],
    cache: 'real-sites',
  });
}
