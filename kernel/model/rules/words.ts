import { amountText, basisText, certainties, type RuleCard, type RuleValue } from './card.ts'
import { compare } from './tighten.ts'

export interface Change {
  readonly what: string
  readonly tone: 'stricter' | 'looser' | 'other'
}
/** What became different from one version of a card to the next, one sentence each. Empty when nothing did. */
export function changesBetween(before: RuleCard, after: RuleCard): Change[] {
  const names = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])]
  const plain = (what: string): Change => ({ what, tone: 'other' })
  return [
    ...names.flatMap((name) => valueChange(before.values[name], after.values[name])),
    ...(before.label === after.label ? [] : [plain(`名称由“${before.label}”改为“${after.label}”`)]),
    ...(basisText(before.basis) === basisText(after.basis) ? [] : [plain(`依据由${basisText(before.basis)}改为${basisText(after.basis)}`)]),
    ...(before.certainty === after.certainty
      ? []
      : [plain(`确定程度由 ${certainties[before.certainty]} 改为 ${certainties[after.certainty]}`)]),
    ...(before.to === after.to ? [] : [plain(after.to ? `有效期至 ${after.to}` : '有效期改为长期')]),
    ...((before.note ?? '') === (after.note ?? '') ? [] : [plain('说明有改动')]),
  ]
}
function valueChange(before: RuleValue | undefined, after: RuleValue | undefined): Change[] {
  if (!before && after) return [{ what: `新增“${after.label}”：${amountText(after)}`, tone: 'stricter' }]
  if (before && !after) return [{ what: `取消“${before.label}”（原${amountText(before)}）`, tone: 'looser' }]
  const comparison = compare(after!, before!)
  if (comparison === 'same')
    return before!.label === after!.label ? [] : [{ what: `“${before!.label}”改称“${after!.label}”`, tone: 'other' }]
  const how = comparison === 'stricter' ? '收紧为' : comparison === 'looser' ? '放宽为' : '改为'
  return [
    {
      what: `“${after!.label}”由${amountText(before!)}${how}${amountText(after!)}`,
      tone: comparison === 'incomparable' ? 'other' : comparison,
    },
  ]
}
