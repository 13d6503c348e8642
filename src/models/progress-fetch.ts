import { type AnswerWatch, watchAnswer } from './readable-answer.ts';

/**
 * A fetch that tells of every sign of life of the other side: the head of the answer and each piece of its body, whether or
 * not anything readable is in it. A successful answer that is no event stream fails.
 */
export function createProgressFetch(progress: () => void, watch: AnswerWatch): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    progress();
    if (!response.body) return response;
    const alive = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        progress();
        controller.enqueue(piece);
      },
    });
    const { status, statusText, headers, ok } = response;
    watch.contentType = headers.get('content-type') ?? '';
    const body = response.body.pipeThrough(alive);
    return new Response(ok ? body.pipeThrough(watchAnswer(watch)) : body, { status, statusText, headers });
  };
}
