import { addDays } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { demoId, unitId } from './people.ts'
import { seeded } from './random.ts'
import { demoUnits } from './units.ts'

const batch = { act: 'demo', batch: '演示数据' }
/** Rooms of a ward in their order: what they are and how many beds stand in each. */
const plan: readonly [kind: string, beds: number, rooms: number][] = [['suite', 1, 1], ['single', 1, 3], ['double', 2, 5], ['triple', 3, 6], ['many', 4, 2], ['day', 4, 1]] // prettier-ignore
const kindOf = (code: string, room: string): string =>
  code.includes('-EK') ? 'child' : room === 'suite' ? 'care' : room === 'single' && /-(SJ|XW|JZ|XN)/.test(code) ? 'monitored' : room === 'single' && code.includes('-HX') ? 'negative' : 'ordinary' // prettier-ignore

/** Some forty beds a ward, nine in ten taken. */
export async function addBeds(kernel: Kernel, ctx: Context, day: string): Promise<void> {
  const random = seeded(731)
  const now = kernel.clock.now().getTime()
  const [rooms, beds]: Record<string, unknown>[][] = [[], []]
  for (const { code, parent } of demoUnits().filter(({ kind }) => kind === 'ward')) {
    const ward = unitId(code)
    let [nextRoom, nextBed] = [1, 1]
    for (const [kind, each, count] of plan)
      for (let i = 0; i < count; i++) {
        const number = String(nextRoom++).padStart(2, '0')
        const room = demoId(`room ${code} ${number}`)
        rooms!.push({ id: room, ward, number, kind })
        const isCrowded = kind === 'triple' && random.chance(0.25)
        for (let n = 0; n < each + Number(isCrowded); n++) {
          const isEmpty = random.chance(0.12)
          const condition = random.chance(0.94) ? 'normal' : isEmpty ? random.pick(['damaged', 'unusable']) : random.pick(['isolated', 'isolated', 'resistant']) // prettier-ignore
          const status = isEmpty ? (condition === 'normal' ? random.pick(['empty', 'empty', 'empty', 'reserved', 'cleaning']) : 'empty') : random.chance(0.09) ? 'leaving' : 'occupied' // prettier-ignore
          const heard = new Date(now - random.whole(5, 600) * 60_000).toISOString()
          beds!.push({
            ward, speciality: parent && unitId(parent), room, number: n === each ? `${nextBed - 1}+` : String(nextBed++), kind: kindOf(code, kind), opening: kind === 'day' ? 'day' : n === each ? 'added' : 'rated',
            status, condition, statusAt: heard, conditionAt: heard, from: addDays(day, -random.whole(400, 3000)),
          }) // prettier-ignore
        }
      }
  }
  await bulkCreate(kernel, ctx, 'organisation.room', rooms!, batch)
  await bulkCreate(kernel, ctx, 'organisation.bed', beds!, batch)
}
