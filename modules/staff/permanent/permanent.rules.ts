import type { Day, FieldProblem } from '#model'

/** POST /api/staff/permanent: one line a person who is made permanent. */
export interface PermanentLine {
  person: string
  /** In the HIS, as it is written there: zeros in front belong to it. */
  number: string
  unit: string | null
  from: Day
  /** What he is in the file of medical staff. */
  category: string
}
export interface PermanentAnswer {
  made: number
}
export const mostLines = 200
const form = /^[A-Za-z0-9-]{1,30}$/

/** What is wrong with the lines by themselves, each at `lines.<n>.<field>`. */
export function lineProblems(lines: readonly PermanentLine[]): FieldProblem[] {
  const first = new Map<string, number>()
  const people = new Set<string>()
  return lines.flatMap(({ person, number, unit, from, category }, n) => {
    const at = (field: string, message: string): FieldProblem => ({ field: `lines.${n}.${field}`, message })
    const before = first.get(number)
    if (number && before === undefined) first.set(number, n)
    const isTwice = people.has(person)
    people.add(person)
    return [
      ...(isTwice ? [at('person', '同一个人出现了两次')] : []),
      ...(!number ? [at('number', '请填写 HIS 工号')] : []),
      ...(number && !form.test(number) ? [at('number', '工号只能是字母、数字和短横，不超过 30 位')] : []),
      ...(number && before !== undefined ? [at('number', `与第 ${before + 1} 行的工号相同`)] : []),
      ...(unit ? [] : [at('unit', '请选择科室')]),
      ...(from ? [] : [at('from', '请填写转正日期')]),
      ...(category ? [] : [at('category', '请选择人员类别')]),
    ]
  })
}
