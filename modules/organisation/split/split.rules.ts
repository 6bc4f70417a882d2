import type { FieldProblem } from '#model'

export interface Part {
  name?: string | null
  code?: string | null
  into?: string | null
  people?: readonly string[] | null
  head?: string | null
  units?: readonly string[] | null
}
export interface Asked {
  unit: string
  closes: boolean
  parts: readonly Part[]
}
interface Named {
  id: string
  name: string
}

/** What of a split is wrong by itself, each at its field; `there`: who belongs to the unit on the day, and what stands under it. */
export function problemsOf({ unit, closes, parts }: Asked, there: { people: readonly Named[]; units: readonly Named[] }): FieldProblem[] {
  const problems = parts.flatMap((part, i) => partProblems(part, unit, `parts.${i}`))
  for (const [key, list, what] of [
    ['people', there.people, '不在拆分的科室'],
    ['units', there.units, '不是拆分的科室的直接下级'],
  ] as const) {
    const names = new Map(list.map(({ id, name }) => [id, name]))
    const seen = new Set<string>()
    for (const [i, part] of parts.entries()) {
      const chosen = part[key] ?? []
      if (chosen.some((id) => !names.has(id))) problems.push({ field: `parts.${i}.${key}`, message: `所选中有当日${what}的` })
      const twice = chosen.filter((id) => seen.has(id) && names.has(id))
      if (twice.length) problems.push({ field: `parts.${i}.${key}`, message: `${namesOf(twice.map((id) => names.get(id)!))}已在前面安排` })
      for (const id of chosen) seen.add(id)
    }
    const left = closes ? list.filter(({ id }) => !seen.has(id)) : []
    if (left.length) problems.push({ field: 'parts', message: `原科室停用，还没有安排：${namesOf(left.map(({ name }) => name))}` })
  }
  return problems
}
function partProblems({ name, code, into, people, head, units }: Part, unit: string, at: string): FieldProblem[] {
  const problems: FieldProblem[] = []
  const isNew = !into
  if (into && (name || code)) problems.push({ field: `${at}.into`, message: '新设科室与已有科室只能填一种' })
  else if (isNew && !name) problems.push({ field: `${at}.name`, message: '请填写新设科室的名称，或选择已有科室' })
  else if (isNew && !code) problems.push({ field: `${at}.code`, message: '请填写新设科室的编码' })
  if (into === unit) problems.push({ field: `${at}.into`, message: '不能是拆分的科室自己' })
  if (head && !people?.includes(head)) problems.push({ field: `${at}.head`, message: '负责人要在转入人员之中' })
  if (!isNew && !people?.length && !units?.length) problems.push({ field: `${at}.people`, message: '请选择转入这个科室的人员或下级科室' })
  return problems
}
const most = 8
const namesOf = (names: readonly string[]): string =>
  names.slice(0, most).join('、') + (names.length > most ? ` 等 ${names.length} 个` : '')

/** New units of one split need codes and names of their own. */
export function repeated(parts: readonly Part[]): FieldProblem[] {
  const seen = new Set<string>()
  return parts.flatMap(({ code, into }, i) => {
    const key = into ?? code
    const isSecond = key != null && seen.has(key)
    if (key != null) seen.add(key)
    return isSecond ? [{ field: `parts.${i}.${into ? 'into' : 'code'}`, message: '与前面一行重复' }] : []
  })
}
