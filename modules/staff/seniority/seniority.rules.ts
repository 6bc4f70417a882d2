import type { Day } from '#model'

/** Whole years from a day to another: the anniversary counts, 29 February's falls on 1 March. Null where there is no first day, or it is yet to come. */
export function yearsSince(from: unknown, to: Day): number | null {
  if (typeof from !== 'string' || from > to) return null
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  return to.slice(5) >= from.slice(5) ? years : years - 1
}

type File = Readonly<Record<string, unknown>>
/** 院龄 since he came here, 工龄 since he began to work at all. */
export const seniorityOf = (file: File, on: Day) => ({
  yearsHere: yearsSince(file['joinedOn'], on),
  yearsWorked: yearsSince(file['workedSince'], on),
})
