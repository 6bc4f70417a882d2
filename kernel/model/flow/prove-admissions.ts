import type { Handled } from './definition.ts'
import type { Prover } from './prove.ts'

/** 准入条件: rules, facts and columns are known. */
export function proveAdmissions<F>(prover: Prover<F>): void {
  const { definition, known } = prover
  const list = definition.admissions ?? []
  const ids = list.map(({ id }) => id)
  list.forEach((one, nth) => {
    const path = `admissions.${nth}`
    if (ids.indexOf(one.id) !== nth) prover.say(path, 'duplicateId', `准入条件编号重复：${one.id}`)
    for (const rule of [one.by.rule, one.explain, one.block])
      if (rule) prover.name(path, rule, known.isRule, 'unknownRule', '没有这张规则卡')
    const key = (rule: string) => rule.slice(0, rule.lastIndexOf('.'))
    if ([one.explain, one.block].some((rule) => rule && key(rule) !== key(one.by.rule)))
      prover.say(path, 'otherRule', `“${one.label}”的方式须写在同一张规则卡上`)
    prover.path(`${path}.fact`, one.fact)
    if (one.fact.split('.').length > 2) prover.say(`${path}.fact`, 'unknownField', `准入条件只能读申请本身或所引用的记录：${one.fact}`)
    if (!one.lines) return
    if (!definition.items) prover.say(`${path}.lines`, 'noItems', `“${one.label}”针对明细，但流程没有指定明细`)
    else
      for (const problem of known.checkLines?.(definition.items.rows, one.lines) ?? []) prover.say(`${path}.lines`, 'badCondition', problem)
  })
}
/** Beside conditions of admission somebody has to look: no step consents by itself. */
export function proveLooked<F>(prover: Prover<F>, step: Handled): void {
  if (!prover.definition.admissions?.length) return
  if (step.onTimeout.some((stage) => stage.do === 'approve'))
    prover.say('admissions', 'unlooked', `“${step.label}”到时自动同意，与准入条件不能并用`)
  if (step.onApplicant === 'pass') prover.say('admissions', 'unlooked', `“${step.label}”对申请人视为同意，与准入条件不能并用`)
}
