import type { Origin } from './testing-random.ts'
import { live } from './testing-random.ts'
import { checks } from './testing-tell.ts'
import type { Scene } from './testing.ts'
import { Story } from './testing.ts'

/** How a failed history is told again: by its seed and wish, and, cut down to what is needed, act by act. */
export function retold(origin: Origin, error: unknown): string {
  const name = `history live(${JSON.stringify(origin)}, () => true)`
  const wanted = kindOf(error)
  let failed: Story | undefined
  try {
    live(
      origin,
      () => true,
      (story) => {
        // Every copy keeps what was done before it.
        story.script = []
        story.onScene = (one) => (failed = one)
      },
    )
  } catch (again) {
    if (failed?.script && kindOf(again) === wanted) return `${name}: ${String(error)}\n${shortest(failed, failed.script, wanted)}`
  }
  return `${name}: ${String(error)}`
}
/** Which failure it is: what its message says before the facts. */
const kindOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split(': ')[0] ?? ''

/** Leaves out whatever can be left out with the same failure. */
function shortest({ definition }: Story, script: readonly Scene[], wanted: string): string {
  let kept = [...script]
  const fails = (scenes: readonly Scene[]): boolean => failure(definition, scenes) === wanted
  if (!fails(kept)) return 'not told again by its acts alone'
  for (let size = kept.length >> 1; size >= 1; size >>= 1)
    for (let from = 0; from < kept.length;) {
      const fewer = kept.toSpliced(from, size)
      if (fails(fewer)) kept = fewer
      else from += size
    }
  const told = kept.map(({ world, by, act }) => JSON.stringify({ by, act: act ?? 'reresolve', world }))
  return [JSON.stringify(definition), ...told].join('\n')
}
function failure(definition: Story['definition'], scenes: readonly Scene[]): string | undefined {
  const [first] = scenes
  if (first?.act?.kind !== 'submit') return undefined
  const story = new Story(definition, structuredClone(first.world))
  try {
    for (const { world, by, act } of scenes) {
      Object.assign(story.world, structuredClone(world))
      const isDone = act ? story.try(by, act).ok : story.isBegun && story.reresolve().isBegun
      if (isDone) checks(story, act)
    }
    return undefined
  } catch (error) {
    return kindOf(error)
  }
}
