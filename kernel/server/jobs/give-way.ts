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
