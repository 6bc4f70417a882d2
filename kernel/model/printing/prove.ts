import type { Definitions } from '../definitions.ts'
import { isInClear, type Types } from '../fields/classes.ts'
import type { Field } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'
import { namesIn } from '../placeholders.ts'
import type { FieldProblem } from '../refusals.ts'
import { chainLoop, chainWords, columnsOf, findColumn, findName, namesFor, nearest, paperWords, printWords, rowNumber } from './names.ts'
import type { Edge, PrintBlock, PrintTemplate } from './template.ts'

type Report = (field: string, message: string) => void
type Known = Pick<Definitions, 'resources' | 'roles'>

/** What does not fit this program: names that nobody knows, kinds that a block cannot hold, protected fields for strangers; each at its place. Empty when all is well. */
export function printProblems(defs: Known, template: PrintTemplate): FieldProblem[] {
  const problems: FieldProblem[] = []
  const report: Report = (field, message) => problems.push({ field, message })
  const { resource } = template
  if (!defs.resources.has(resource)) return [{ field: 'resource', message: '这种记录已经不存在' }]
  const edge = (name: 'header' | 'footer') => {
    for (const side of ['left', 'centre', 'right'] as const satisfies (keyof Edge)[])
      proveText(defs, resource, template[name][side], (message) => report(`${name}.${side}`, message), paperWords)
  }
  edge('header')
  edge('footer')
  template.roles.forEach((role) => defs.roles.has(role) || report('roles', `角色“${role}”已经不存在`))
  for (const key of template.verify ?? []) {
    const found = findName(defs, resource, key)
    if (!found?.field || found.path.includes('.')) report('verify', unknownName(defs, resource, key))
    else {
      const why = untold(defs, found.field)
      if (why) report('verify', why)
    }
  }
  if (template.word) proveWordNames(defs, resource, template.word.names, (message) => report('word', message))
  else template.blocks.forEach((block, at) => proveBlock(defs, template, block, (part, message) => report(`blocks.${at}${part}`, message)))
  return problems
} // prettier-ignore

/** Why what a field says may not be told to whoever looks a paper up; null: it may. */
export function untold(defs: Types, field: Field): string | null {
  if (!isInClear(defs, field)) return `“${field.label}”受保护，不能告诉扫码核验的人`
  const { holdsFiles, isWriteOnly } = kindOf(field)
  return holdsFiles || isWriteOnly || field.kind === 'rows' ? `“${field.label}”不能显示在核验结果里` : null
}

function proveBlock(defs: Known, { resource, paper, verify }: PrintTemplate, block: PrintBlock, report: Report): void {
  const known = (name: string, at: string) => {
    const found = findName(defs, resource, name)
    if (!found) report(at, unknownName(defs, resource, name))
    return found
  }
  if (block.when !== null) known(block.when, '.when')
  if (block.at && (block.at.x + block.at.width > paper.width + 0.5 || block.at.y + block.at.height > paper.height + 0.5))
    report('.at', '超出了纸张')
  if (block.kind === 'text' || block.kind === 'code') proveText(defs, resource, block.text, (message) => report('.text', message))
  if (block.kind === 'code' && !block.text.trim()) report('.text', '请填写条码的内容')
  if (block.kind === 'form') block.fields.forEach((name) => known(name, '.fields'))
  if (block.kind === 'table') proveTable(defs, resource, block, report)
  if (block.kind === 'picture') {
    const field = block.field === null ? null : known(block.field, '.field')?.field
    if (field && field.kind !== 'image' && field.kind !== 'files') report('.field', `“${field.label}”不是图片`)
    if (block.field === null && block.image === null) report('', '请选择字段，或上传图片')
  }
  if (block.kind === 'signature') {
    const field = block.field === null ? null : known(block.field, '.field')?.field
    if (field && field.kind !== 'signature') report('.field', `“${field.label}”不是签名`)
    if (block.field === null && block.step === null) report('', '请选择签名的字段，或审批的步骤')
  }
  if (block.kind === 'seal' && !(block.seal && block.image)) report('', '请填写印章的名称，并上传印章的图片')
  if (block.kind === 'verify' && verify === null) report('', '请先打开“扫码核验”')
}
/** What a Word file's placeholders name may have gone since it was uploaded. */
function proveWordNames(defs: Known, resource: string, names: readonly string[], report: (message: string) => void): void {
  const tables = Object.values(defs.resources.get(resource)?.fields ?? {}).filter(({ kind }) => kind === 'rows')
  const words = [...Object.keys(printWords), ...chainWords, chainLoop, rowNumber, '签名', '二维码']
  for (const name of names.map((one) => one.replace(/\s+\d+$/, '')))
    if (!words.includes(name) && !findName(defs, resource, name) && !tables.some((rows) => findColumn(rows, name) !== null)) report(unknownName(defs, resource, name))
} // prettier-ignore
function proveTable(defs: Known, resource: string, block: Extract<PrintBlock, { kind: 'table' }>, report: Report): void {
  const rows = defs.resources.get(resource)?.fields[block.rows]
  if (rows?.kind !== 'rows') return report('.rows', block.rows ? `没有“${block.rows}”这个明细表` : '请选择明细表')
  if (block.columns.length === 0) report('.columns', '请选择列')
  const labels = Object.entries(columnsOf(rows)).flatMap(([key, field]) => [field.label, key])
  for (const { field } of block.columns) if (findColumn(rows, field) === null) report('.columns', unknown(field, nearest(field, labels)))
}
function proveText(defs: Known, resource: string, text: string, report: (message: string) => void, also: readonly string[] = []): void {
  for (const name of namesIn(text)) {
    if (Object.hasOwn(printWords, name) || also.includes(name)) continue
    if (paperWords.includes(name as '页码')) report(`{${name}} 只能放在页眉或页脚`)
    else if (!findName(defs, resource, name)) report(unknownName(defs, resource, name))
  }
}
const unknownName = (defs: Known, resource: string, name: string): string => unknown(name, nearest(name, namesFor(defs, resource)))
/** Says which name is unknown, and what was probably meant. */
export const unknown = (name: string, meant: string | null): string => `没有字段“${name}”${meant ? `，是不是“${meant}”？` : ''}`
