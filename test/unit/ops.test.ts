import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics } from '../../src/api/health/metrics.ts';
import { SDK_METRICS } from '../../src/temporal/sdk-metric-names.ts';

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook: string };
}

interface Panel {
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string }[];
}

const OPS = join(import.meta.dirname, '../../ops');
const read = (file: string) => readFileSync(join(OPS, file), 'utf8');
const rules = (parse(read('alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(read('grafana.json')) as { panels: Panel[] };
const panelExprs = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const known = new Set<string>([...createMetrics().names(), ...SDK_METRICS]);

/** Names of metrics in an expression; those of a histogram without their suffixes. */
function metricsIn(expr: string): string[] {
  const names = expr.match(/\b(longturn|temporal)_[a-z_]+/g) ?? [];
  return names.map((name) => (known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, '')));
}

/** Runs Debian's promtool. */
function promtool(...args: string[]): string {
  const { error, status, stdout, stderr } = spawnSync('promtool', args, { cwd: OPS, encoding: 'utf8' });
  if (error)
    throw new Error("promtool is missing: install Debian's package prometheus (apt-get install prometheus).");
  if (status !== 0) throw new Error(`promtool ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** The heading of an alert's runbook entry, and what stands below it. */
function runbookEntry(alert: string): string {
  const operations = readFileSync(join(OPS, '../docs/operations.md'), 'utf8');
  return operations.split(`\n### ${alert}\n`)[1]?.split('\n#')[0]?.trim() ?? '';
}

describe('the alerts', () => {
  it('are rules that Prometheus takes, and fire when they should', () => {
    expect(promtool('check', 'rules', 'alerts.yaml')).toContain(`${rules.length} rules found`);
    expect(promtool('test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS');
  });

  it.each(rules.map(({ alert }) => alert))('%s fires in a test of the rules', (alert) => {
    const fires = new RegExp(
      `alertname="${alert}"|alertname: ${alert}\\n\\s+eval_time: \\w+\\n\\s+exp_alerts:\\n`,
    );
    expect(read('alerts.test.yaml')).toMatch(fires);
  });

  it.each(rules)('$alert is about metrics that there are', ({ expr }) => {
    expect(metricsIn(expr).length).toBeGreaterThan(0);
    for (const name of metricsIn(expr)) expect([...known]).toContain(name);
  });

  it.each(rules)('$alert leads to what to look at and what to do', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    expect(runbookEntry(alert).length).toBeGreaterThan(100);
  });
});

describe('the dashboard', () => {
  it('shows metrics that there are', () => {
    const names = panelExprs.flatMap(metricsIn);
    expect(panelExprs.every((expr) => metricsIn(expr).length > 0)).toBe(true);
    expect([...known]).toEqual(expect.arrayContaining(names));
  });

  it('shows every metric of ours', () => {
    expect(panelExprs.flatMap(metricsIn)).toEqual(expect.arrayContaining(createMetrics().names()));
  });

  it('has expressions that Prometheus takes', () => {
    const probe = panelExprs.map((expr, n) => ({ record: `panel:${n}`, expr }));
    const folder = mkdtempSync(join(tmpdir(), 'longturn-panels-'));
    const file = join(folder, 'panels.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: probe }] }));
    expect(promtool('check', 'rules', '--lint=none', file)).toContain(`${probe.length} rules found`);
    rmSync(folder, { recursive: true });
  });

  it('has panels that do not lie upon each other', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
