import type { Kernel } from '../kernel.ts'
import type { ImportProfile, TargetSpec } from './profile.ts'
import { isForApproval, type ImportSettings } from './session.ts'

type Remark = { level: 'error' | 'warning'; text: string }
/** What stands in the way of a preview, or should be known before it. */
export function remarksOn(kernel: Kernel, profile: ImportProfile, settings: ImportSettings, targets: readonly TargetSpec[]): Remark[] {
  const c = kernel.resource(profile.resource)
  const remarks: Remark[] = []
  const error = (text: string) => remarks.push({ level: 'error', text })
  const warn = (text: string) => remarks.push({ level: 'warning', text })
  const mapped = settings.columns.filter((key): key is string => key !== null)
  if (mapped.length === 0) error(settings.headings.length ? '没有一列能识别，请核对表头所在的行，或逐列选择' : '文件中没有表头')
  const labelOf = (key: string) => targets.find((target) => target.key === key)?.label ?? key
  for (const key of new Set(mapped))
    if (mapped.filter((other) => other === key).length > 1 && !targets.find((target) => target.key === key)?.wide)
      error(`有两列都对应“${labelOf(key)}”`)
  const given = new Set([...mapped, ...Object.keys(settings.constants)].flatMap((key) => [key, key.split('.')[0]!.replace(/^\*/, '')]))
  const isGiven = (key: string) => mapped.includes(key) || (settings.constants[key] ?? '').trim() !== ''
  for (const group of profile.needs ?? [])
    if (mapped.length && !group.some(isGiven))
      error(
        `文件中没有“${labelOf(group[0]!)}”一列${group.length > 1 ? `（或${group.slice(1).map(labelOf).join('、')}）` : ''}：没有它无法认出记录`,
      )
  const keys = Array.isArray(profile.key) ? (profile.key as readonly string[]) : (c.r.unique?.[0] ?? [])
  if (!profile.open && mapped.length)
    for (const key of keys) {
      const field = c.byKey.get(key)?.field
      if (field?.required && field.default === undefined && !given.has(key) && !field.from)
        error(`文件中没有“${field.label}”一列：没有它无法认出记录`)
    }
  for (const target of targets)
    if (
      target.required &&
      !/[.*]/.test(target.key) &&
      !given.has(target.key) &&
      !keys.includes(target.key) &&
      !profile.needs?.flat().includes(target.key) &&
      !profile.right
    )
      warn(`文件中没有必填列“${target.label}”：只能修改已有记录，新增的行会被拒绝`)
  if (!profile.open && !keys.length && !given.has('staffNumber') && !given.has('code') && !given.has('number'))
    warn('没有可以认出已有记录的列：每一行都会作为新记录')
  const unused = settings.columns.flatMap((key, i) =>
    key === null && settings.headings[i] ? [settings.headings[i].replace('\n', ' / ')] : [],
  )
  if (unused.length) warn(`未使用的列：${unused.slice(0, 20).join('、')}${unused.length > 20 ? ` 等 ${unused.length} 列` : ''}`)
  if (c.r.approval && !profile.right && !settings.basis.trim())
    error(isForApproval(c.r, profile, settings) ? '送审请先填写申请的理由' : '这种记录须经审批，直接导入请先填写依据（文号或说明）')
  return remarks
}
