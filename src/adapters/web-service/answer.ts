/** As much of a response as is looked at; its declaration says any of the body's parts. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: ReadableStream<Uint8Array> | null;
}

const LONGEST_ANSWER = 100_000;

/** A response's body. Rejects where it is too long to be one that is meant. */
export async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER) throw new Error('the answer is too long');
  }
  return text;
}

/** Rejects once it has taken too long: looking up a host has no limit of its own. */
export function over(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('it took too long')), { once: true });
  });
}
