import type { Flow } from './definition.ts'
import type { Problem } from './prove.ts'
import { isSame } from './same.ts'

/** What a hospital's version of a flow may not lose of the program's own: that an approval comes into force, line by line, and under which conditions. */
export function proveFork<F>(drawn: Flow<F>, declared: Flow<F>): Problem[] {
  const problems: Problem[] = []
  if (drawn.effect !== declared.effect || drawn.effectWhen !== declared.effectWhen)
    problems.push({ path: 'effect', code: 'otherEffect', message: '生效处理与系统规定的不同' })
  if (!isSame(drawn.items, declared.items)) problems.push({ path: 'items', code: 'otherItems', message: '逐项审批的明细与系统规定的不同' })
  for (const one of declared.admissions ?? [])
    if (!drawn.admissions?.some((other) => isSame(one, other)))
      problems.push({ path: 'admissions', code: 'lostAdmission', message: `准入条件被去掉或改动：${one.label}` })
  return problems
}
