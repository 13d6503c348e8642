/**
 * A fetch that tells of every sign of life of the other side: the head of the answer and each piece of its body, whether or
 * not anything readable is in it.
 */
export function createProgressFetch(progress: () => void): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    progress();
    if (!response.body) return response;
    const watch = new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        progress();
        controller.enqueue(piece);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(watch), { status, statusText, headers });
  };
}
