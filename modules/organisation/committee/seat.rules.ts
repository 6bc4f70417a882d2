import { daysBetween } from '#model'

/** Years from one day to another, both counted, to one place: 2024-01-01 to 2026-12-31 is 3.0. Null without an end. */
export const yearsOf = (from: unknown, to: unknown): string | null =>
  typeof from === 'string' && typeof to === 'string' && to >= from ? ((daysBetween(from, to) + 1) / 365.25).toFixed(1) : null

export interface GroupMember {
  id?: string
  person: string
  chair: boolean
}
/** A group's members as the sitting ones of a committee, who keep their rows; null: they are so already. */
export function membersOf(held: readonly GroupMember[], sitting: readonly { person: string; position: string }[]): GroupMember[] | null {
  const people = [...new Set(sitting.map(({ person }) => person))]
  const next = people.map((person): GroupMember => {
    const chair = sitting.some((one) => one.person === person && one.position === 'chair')
    return { ...held.find((one) => one.person === person), person, chair }
  })
  const isSame = next.length === held.length && next.every(({ person, chair }) => held.some((one) => one.person === person && one.chair === chair))
  return isSame ? null : next
} // prettier-ignore
