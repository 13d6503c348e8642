import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { connectEngine } from './auth-engine.ts';
import type { AuthStage } from './auth-stage.ts';

interface PayloadJson {
  metadata?: Record<string, string>;
  data?: string;
}

/** Every workflow's history as it is exported, and with everything decoded that the codec endpoint can decode. */
export async function exportHistories(
  stage: Pick<AuthStage, 'system' | 'auth'>,
): Promise<{ workflowId: string; type: string; raw: string; decoded: string; payloads: number }[]> {
  await using engine = await connectEngine(stage);
  const exported = [];
  for await (const { workflowId, runId, type } of engine.workflow.list()) {
    const history = await engine.workflow.getHandle(workflowId, runId).fetchHistory();
    const text = historyToJSON(history);
    const json = JSON.parse(text) as unknown;
    const payloads = payloadsIn(json);
    const plain = await decode(stage, payloads);
    exported.push({
      workflowId,
      type,
      raw: text,
      decoded: plain.map(({ data = '' }) => Buffer.from(data, 'base64').toString('utf8')).join('\n'),
      payloads: payloads.length,
    });
  }
  return exported;
}

/** Decodes until nothing is encrypted any more; decoded payloads may hold payloads. */
async function decode({ auth }: Pick<AuthStage, 'auth'>, payloads: PayloadJson[]): Promise<PayloadJson[]> {
  if (payloads.length === 0) return [];
  const answer = await auth.http.post<{ payloads: PayloadJson[] }>('/codec/decode', { payloads });
  if (answer.status !== 200) throw new Error(`decode: ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer.body.payloads;
}

function payloadsIn(value: unknown): PayloadJson[] {
  if (Array.isArray(value)) return value.flatMap(payloadsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('metadata' in value && 'data' in value && typeof value.data === 'string') return [value as PayloadJson];
  return Object.values(value).flatMap(payloadsIn);
}
