/** Does its work once for each object, for as long as that is around; for objects that never change. */
export function onceFor<Key extends object, Result, Rest extends readonly unknown[]>(
  work: (key: Key, ...rest: Rest) => Result,
): (key: Key, ...rest: Rest) => Result {
  const done = new WeakMap<Key, { readonly result: Result }>();
  return (key, ...rest) => {
    const known = done.get(key) ?? { result: work(key, ...rest) };
    done.set(key, known);
    return known.result;
  };
}
