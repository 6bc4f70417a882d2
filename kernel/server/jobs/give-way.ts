import { setTimeout as pause } from 'node:timers/promises'

/** Parts of long work nobody waits for, with a pause after each as long as it took: others feel half of it. */
export async function* givingWay<T>(parts: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  let began = performance.now()
  for await (const part of parts) {
    yield part
    await pause(performance.now() - began)
    began = performance.now()
  }
}
const size = 1000
/** A long list in such parts; a short one is one part, after which nobody pauses. */
export async function* inParts<T>(list: readonly T[]): AsyncGenerator<readonly T[]> {
  if (list.length <= size) return void (yield list)
  yield* givingWay(Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size)))
}
