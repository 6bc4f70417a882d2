import type { TeamPerson } from '../teams/teams.rules.ts'

const ranks = ['one', 'two', 'three']
/** May a physician of this level report to one of that? Never to one below him. */
export const mayReport = (level: unknown, superior: unknown): boolean => ranks.indexOf(String(level)) <= ranks.indexOf(String(superior))

/** Whole years between a day of birth and a day; null where it is not known. */
export function ageOn(birth: unknown, day: string): number | null {
  if (typeof birth !== 'string') return null
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4))
  return day.slice(5) < birth.slice(5) ? years - 1 : years
}

/** A member as a snapshot keeps him: all in words. */
export interface MemberLine {
  /** Which stay in the team it was. */
  member: string
  name: string
  staffNumber: string | null
  sex: string | null
  age: number | null
  title: string | null
  level: string | null
  superior: string | null
  round: string | null
  role: string | null
  duties: string | null
  from: string | null
}
/** What of a member changes by decision; his age does so by itself. */
export const comparedFacts = {
  name: '姓名',
  staffNumber: '工号',
  title: '职称',
  level: '医师级别',
  superior: '上级医师',
  round: '查房时间',
  role: '小组角色',
  duties: '主要职责',
} as const
export interface Comparison {
  came: MemberLine[]
  went: MemberLine[]
  changed: { line: MemberLine; facts: { label: string; was: string; is: string }[] }[]
}
/** Who came, who went, and what changed of whom, from one state of a team to another. */
export function compare(before: readonly MemberLine[], after: readonly MemberLine[]): Comparison {
  const was = new Map(before.map((line) => [line.member, line]))
  const is = new Set(after.map(({ member }) => member))
  const changed = after.flatMap((line) => {
    const old = was.get(line.member)
    const facts = old ? factsBetween(old, line) : []
    return facts.length ? [{ line, facts }] : []
  })
  return { came: after.filter(({ member }) => !was.has(member)), went: before.filter(({ member }) => !is.has(member)), changed }
}
const factsBetween = (old: MemberLine, line: MemberLine) =>
  Object.entries(comparedFacts).flatMap(([key, label]) => {
    const [was, is] = [old, line].map((one) => one[key as keyof typeof comparedFacts] ?? '') as [string, string]
    return was === is ? [] : [{ label, was, is }]
  })

/** Members in words; `label` names the choice that a value of a field stands for. */
export function linesOf(
  members: readonly TeamPerson[],
  day: string,
  label: (resource: string, field: string, value: string | null) => string | null,
): MemberLine[] {
  const names = new Map(members.map(({ id, name }) => [id, name]))
  return members.map((one) => ({
    member: one.id,
    name: one.name,
    staffNumber: one.staffNumber,
    sex: label('directory.person', 'sex', one.sex),
    age: ageOn(one.birthDate, day),
    title: one.title,
    level: label('organisation.teamMember', 'level', one.level),
    superior: one.parent ? (names.get(one.parent) ?? null) : null,
    round: one.round,
    role: one.role,
    duties: one.duties,
    from: one.from,
  }))
}
