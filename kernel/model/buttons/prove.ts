import type { Definitions, ResolvedResource } from '../definitions.ts'
import { expressionProblem } from '../designs/expressions.ts'
import type { Field } from '../fields/field.ts'
import { isGiven, kindOf } from '../fields/kinds.ts'
import { isMomentWord } from '../fields/moment-words.ts'
import type { FieldProblem } from '../refusals.ts'
import { opensMany, type ActionButton, type ButtonValue } from './buttons.ts'

export const buttonName = /^[a-z][a-zA-Z0-9]{0,30}$/
/** An address of the program itself, or of another site; `{key}` stands for the record's value. */
const address = /^(\/(?!\/)|https?:\/\/)/

/** What is wrong with a type's buttons, each at its place below `buttons`. */
export function buttonProblems(defs: Definitions, r: ResolvedResource): FieldProblem[] {
  const buttons = r.buttons ?? []
  return buttons.flatMap((button, n) => {
    const isTwice = buttons.findIndex(({ name }) => name === button.name) !== n
    const problems = [
      ...(isTwice || !buttonName.test(button.name) ? [{ field: 'name', message: '按钮编号重复或格式不对' }] : []),
      ...(button.label ? [] : [{ field: 'label', message: '请填写按钮上的字' }]),
      ...(button.when ? inWords('when', expressionProblem(button.when, r.fields)) : []),
      ...workProblems(defs, r, button),
    ]
    return problems.map(({ field, message }) => ({ field: `buttons.${n}.${field}`, message }))
  })
}
const inWords = (field: string, problem: string | null): FieldProblem[] => (problem ? [{ field, message: problem }] : [])

function workProblems(defs: Definitions, r: ResolvedResource, { does, many }: ActionButton): FieldProblem[] {
  if ('set' in does) {
    const keys = Object.keys(does.set)
    if (keys.length === 0) return [{ field: 'does.set', message: '请选择要设置的字段' }]
    return keys.flatMap((key) => inWords(`does.set.${key}`, valueProblem(r, r.fields[key], does.set[key]!)))
  }
  if (many && !opensMany(does)) return [{ field: 'many', message: '对选中的多条，只能设置字段，或打开带 {ids} 的网址' }]
  if ('begin' in does) {
    const target = defs.resources.get(does.begin)
    if (!target || target.writtenBy === 'module' || target.log) return [{ field: 'does.begin', message: '请选择要新建的记录类型' }]
    return Object.entries(does.fill).flatMap(([to, from]) => inWords(`does.fill.${to}`, fillProblem(r, target, to, from)))
  }
  if ('open' in does) {
    if (!does.open) return [{ field: 'does.open', message: '请填写网址' }]
    if (!address.test(does.open)) return [{ field: 'does.open', message: '网址以 / 或 https:// 开头' }]
    const unknown = [...does.open.matchAll(/\{([^{}]*)\}/g)].find(
      ([, key]) => key !== 'id' && key !== 'ids' && !Object.hasOwn(r.fields, key!),
    )
    return unknown ? [{ field: 'does.open', message: `没有字段“${unknown[1]}”` }] : []
  }
  return []
}
function valueProblem(r: ResolvedResource, field: Field | undefined, given: ButtonValue): string | null {
  if (!field) return '没有这个字段'
  if (isGiven(field) || kindOf(field).isWriteOnly || field.kind === 'rows') return `“${field.label}”不能由按钮设置`
  if ('expression' in given) return given.expression ? expressionProblem(given.expression, r.fields) : '请填写公式'
  if ('word' in given) return wordFits(field, given.word) ? null : `“${field.label}”不能用这个值`
  const checked = kindOf(field).check(given.value, field)
  return 'problem' in checked ? checked.problem : null
}
const wordFits = (field: Field, word: string): boolean => (word === 'empty' ? !field.required : isMomentWord(field, word))
function fillProblem(r: ResolvedResource, target: ResolvedResource, to: string, from: string): string | null {
  const into = target.fields[to]
  if (!into || isGiven(into) || into.readOnly) return '要填的字段不存在或不能填'
  const isSelf = from === 'id' && (into.options as { target?: string }).target === r.name
  const own = r.fields[from]
  if (isSelf || (own && own.kind === into.kind && (own.options as { target?: string }).target === (into.options as { target?: string }).target)) return null // prettier-ignore
  return `“${into.label}”不能取自${own ? `“${own.label}”` : '这里'}：种类不同`
}
