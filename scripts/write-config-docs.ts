// npm run config:docs: writes .env.example and the README's table of variables from src/config-schema.ts.
// With --check it writes nothing and exits 1 where one of them is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONFIG_VARIABLES, type ConfigVariable } from '../src/config-schema.ts';

const EXAMPLE_FILE = fileURLToPath(new URL('../.env.example', import.meta.url));
const README_FILE = fileURLToPath(new URL('../README.md', import.meta.url));
const TABLE = /(<!-- config:begin -->\n)[\s\S]*?(<!-- config:end -->)/;

const EXAMPLE_HEAD = `# Copy to .env and uncomment what you change; the process's own environment wins over this file.
# Written by "npm run config:docs" from src/config-schema.ts.
`;

function example(): string {
  const entries = CONFIG_VARIABLES.map(
    ({ name, default: value = '', meaning }) => `# ${meaning.replaceAll('`', '')}\n#${name}=${value}\n`,
  );
  return [EXAMPLE_HEAD, ...entries].join('\n');
}

function table(): string {
  const row = ({ name, default: value, meaning }: ConfigVariable) =>
    `| \`${name}\` | ${value ? `\`${value}\`` : ''} | ${meaning.replaceAll('|', '\\|')} |\n`;
  return `| Variable | Default | Meaning |\n|---|---|---|\n${CONFIG_VARIABLES.map(row).join('')}`;
}

function wanted(): Map<string, string> {
  const files = new Map([[EXAMPLE_FILE, example()]]);
  if (existsSync(README_FILE)) {
    const readme = readFileSync(README_FILE, 'utf8');
    files.set(
      README_FILE,
      readme.replace(TABLE, (_all, begin: string, end: string) => `${begin}${table()}${end}`),
    );
    if (!TABLE.test(readme))
      console.error('README.md has no <!-- config:begin --> … <!-- config:end -->: no table.');
  }
  return files;
}

const stale = [...wanted()].filter(
  ([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text,
);
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is out of date: run npm run config:docs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [file, text] of stale) writeFileSync(file, text);
}
