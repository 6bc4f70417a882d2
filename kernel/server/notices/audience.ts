import { readMember, today, type ApiRecord } from '#model'
import type { Context } from '../context.ts'

/** Whom a notice is for on this day: everybody at work in its range, or those of them that it names. */
export function audienceOf({ directory, clock }: Context, notice: ApiRecord): string[] {
  const day = today(clock)
  const active = [...directory.people.keys()].filter((person) => directory.isActive(person))
  const isWithin = (person: string, unit: string) => directory.unitsOf(person, day).some((one) => directory.isUnder(one, unit))
  const range = notice['kind'] === 'hospital' ? active : active.filter((person) => isWithin(person, notice['unit'] as string))
  const named = ((notice['to'] as unknown[] | null) ?? []).flatMap((one) => readMember(one) ?? [])
  if (named.length === 0) return range
  return range.filter((person) =>
    named.some(({ kind, id }) => {
      if (kind === 'person') return id === person
      if (kind === 'unit') return isWithin(person, id)
      return directory.membershipsOf(person, day).some(({ post }) => post === id)
    }),
  )
}
