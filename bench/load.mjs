// What clients do to a server, and how long it takes.

/** A client that says it is somewhere else each time, so that limits per address do not slow it down. */
export async function send(address, query, variables, from = '192.0.2.1', bearer = undefined) {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': from,
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Does `work` so many times, so many at once; latencies in milliseconds. */
export async function measure(times, concurrency, work) {
  const latencies = [];
  let next = 0;
  const startedAt = performance.now();
  const lane = async () => {
    while (next < times) {
      const index = next;
      next += 1;
      const begunAt = performance.now();
      await work(index);
      latencies.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return summary(latencies, performance.now() - startedAt);
}

/** Latencies in figures; one after the other, they take as long as all together. */
export function summary(latencies, milliseconds = latencies.reduce((sum, latency) => sum + latency, 0)) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const percentile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const times = latencies.length;
  return { perSecond: times / (milliseconds / 1000), p50: percentile(0.5), p99: percentile(0.99), times };
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
