import { medianOf, pairRatio } from '../statistics.ts';
import type { ApprovalFigures } from '../workloads/approvals.ts';
import { SIDES, type Side, type TurnCell } from '../workloads/turns.ts';
import { type Cell, table } from './markdown.ts';

const NAMES: Record<Side, string> = {
  'with a reader': 'Longturn, a reader a turn',
  'without readers': 'Longturn, no readers',
  bare: 'bare Temporal',
};

export function turnTable(cells: readonly TurnCell[]): string {
  const rows = cells.flatMap((cell) => SIDES.map((side): Cell[] => turnRow(cell, side)));
  const head = ['in flight, side', 'p50 ms', 'p95 ms', 'p99 ms', 'turns/s', 'p50 ÷ bare', 'turns/s ÷ bare'];
  return table([...head, 'CPU ms a turn: app', 'CPU ms a turn: engine', 'taken by others'], rows);
}

function turnRow({ inFlight, sides }: TurnCell, side: Side): Cell[] {
  const rounds = sides[side];
  const ratio = (pick: (round: (typeof rounds)[number]) => number): Cell =>
    side === 'bare' ? '' : pairRatio(rounds, sides.bare, pick);
  return [
    `${inFlight}, ${NAMES[side]}`,
    medianOf(rounds, ({ latencyMs }) => latencyMs.p50),
    medianOf(rounds, ({ latencyMs }) => latencyMs.p95),
    medianOf(rounds, ({ latencyMs }) => latencyMs.p99),
    medianOf(rounds, ({ perSecond }) => perSecond),
    ratio(({ latencyMs }) => latencyMs.p50),
    ratio(({ perSecond }) => perSecond),
    medianOf(rounds, ({ appCpuMs }) => appCpuMs),
    medianOf(rounds, ({ engineCpuMs }) => engineCpuMs),
    `${Math.round(medianOf(rounds, ({ othersShare }) => othersShare) * 100)} %`,
  ];
}

export function approvalTable({ longturn, bare }: ApprovalFigures): string {
  const row = (name: string, rounds: ApprovalFigures['bare']): Cell[] => [
    name,
    medianOf(rounds, ({ p50 }) => p50),
    medianOf(rounds, ({ p95 }) => p95),
    medianOf(rounds, ({ p99 }) => p99),
    rounds === bare ? '' : pairRatio(rounds, bare, ({ p50 }) => p50),
  ];
  return table(
    ['side', 'p50 ms', 'p95 ms', 'p99 ms', 'p50 ÷ bare'],
    [
      row('Longturn: decision POST → terminal event over SSE', longturn),
      row('bare Temporal: Update → result', bare),
    ],
  );
}
