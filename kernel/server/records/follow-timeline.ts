import { today } from '#model'
import type { Kernel } from '../kernel.ts'
import { service } from '../service.ts'
import { overtaken } from './timeline.ts'
import { updateRecordOf } from './write.ts'

/** What was planned for today holds from now on: rows follow their timelines, with history and events, as the program's own act. Answers how many. */
export async function followTimelines(kernel: Kernel): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '计划的变动生效' }, 'job')
  let count = 0
  for (const table of kernel.defs.timelines.keys()) {
    // Under whichever name all of its facts are seen; the base's own where that suffices.
    for (const r of [...kernel.defs.resources.values()].filter((one) => one.table === table)) {
      for (const { id, version, values } of await overtaken(kernel, kernel.resource(r.name), today(kernel.clock))) {
        await updateRecordOf(kernel, ctx, r.name, id, version, values, { byModule: true, system: true, act: 'timeline.follow' })
        count++
      }
    }
  }
  return count
}

/** As a day begins. */
export const timelineService = service({
  name: 'kernel.timeline',
  daily: { follow: async (kernel) => void (await followTimelines(kernel)) },
})
