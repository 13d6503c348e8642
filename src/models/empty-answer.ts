import { isBlank } from '../contract/index.ts';
import { ModelError, type ModelResponse } from './model-provider.ts';

/**
 * Refuses what is no answer: no text and no call, whether the model only thought or said nothing at all. It is asked once more;
 * a turn never ends as completed without a word.
 */
export function assertAnswered(response: ModelResponse, model: string): ModelResponse {
  if (response.calls.length > 0 || !isBlank(response.text)) return response;
  const thought = response.reasoning ? ' It only reasoned.' : '';
  throw new ModelError('model_empty_answer', `${model} answered with no text and no tool call.${thought}`, {
    retryable: true,
    lasting: true,
  });
}
