import type { ActionButton } from '../buttons/buttons.ts'
import type { Definitions } from '../definitions.ts'
import { kindLabels } from '../fields/kind-labels.ts'
import type { FieldKind } from '../fields/field.ts'
import type { FieldDesign } from './field-design.ts'
import { optionSpecs, type OptionSpec } from './option-specs.ts'
import { fieldProperties, isSame, isSameDrawn, typeProperties, type Overlay, type Patch } from './overlay.ts'
import { isObject } from './reader.ts'
import { grantActions, grantScopes, type GrantDesign, type TypeDesign } from './type-design.ts'

/** How a definition differs from what it was, in words for whoever publishes it. */
const common: Readonly<Record<string, string>> = {
  kind: '种类', label: '名称', required: '必填', help: '说明', placeholder: '提示', default: '默认值', visibleWhen: '何时显示', requiredWhen: '何时必填', readOnly: '只读', search: '可搜索', indexed: '建索引', wide: '列表中不显示', class: '密级', from: '取自', derived: '来源', width: '宽度', align: '对齐', height: '高度（行）',
} // prettier-ignore

const quoted = (value: unknown): string => {
  if (value === undefined || value === null || value === '' || value === false) return '无'
  if (value === true) return '是'
  if (isObject(value)) {
    const labels = Object.values(value).map((one) => (isObject(one) ? one['label'] : one))
    return labels.every((one) => typeof one === 'string') ? labels.join('、').slice(0, 80) : JSON.stringify(value).slice(0, 80)
  }
  return Array.isArray(value) ? value.map(quoted).join('、').slice(0, 80) : `“${String(value).slice(0, 60)}”`
}
const changed = (what: string, before: unknown, after: unknown): string => `${what}由${quoted(before)}改为${quoted(after)}`

/** What happened to fields: added, taken away, moved, changed. */
export function fieldWords(before: readonly FieldDesign[], after: readonly FieldDesign[], of = ''): string[] {
  const [was, is] = [new Map(before.map((one) => [one.key, one])), new Map(after.map((one) => [one.key, one]))]
  const gone = before.filter(({ key }) => !is.has(key)).map((one) => `停用${of}字段“${one.label}”（内容保留）`)
  const rest = after.flatMap((one) => {
    const old = was.get(one.key)
    return old
      ? changesOf(old, one, of)
      : [`增加${of}字段“${one.label}”（${one.derived ? '取自其他记录' : kindLabels[one.kind]}${one.required ? '，必填' : ''}）`]
  })
  const order = (list: readonly FieldDesign[]) => list.map(({ key }) => key).filter((key) => was.has(key) && is.has(key)).join() // prettier-ignore
  return [...gone, ...rest, ...(order(before) === order(after) ? [] : [`调整${of}字段的次序`])]
}
function changesOf(old: FieldDesign, one: FieldDesign, of: string): string[] {
  const place = `${of}字段“${old.label}”`
  const plain = Object.entries(common).flatMap(([name, label]) => {
    const [from, to] = [(old as unknown as Record<string, unknown>)[name], (one as unknown as Record<string, unknown>)[name]]
    if (isSame(from, to)) return []
    return name === 'kind'
      ? [`${place}：种类由${kindLabels[from as FieldKind]}改为${kindLabels[to as FieldKind]}`]
      : [`${place}：${changed(label, from, to)}`]
  })
  const specs = optionSpecs[one.kind] as Readonly<Record<string, OptionSpec | null>>
  const options = Object.entries(specs).flatMap(([name, spec]) => {
    const [from, to] = [old.options[name], one.options[name]]
    if (!spec || isSameDrawn(name, from, to)) return []
    if (spec.as === 'columns') return fieldWords((from ?? []) as FieldDesign[], (to ?? []) as FieldDesign[], `“${one.label}”的`)
    return [`${place}：${changed(spec.label, from, to)}`]
  })
  return [...plain, ...options]
}

/** How an own type differs. */
export function typeWords(defs: Definitions, before: TypeDesign | null, after: TypeDesign | null): string[] {
  if (!before) return after ? newTypeWords(defs, after) : []
  if (!after) return [`停用“${before.label}”（记录保留）`]
  const named = (type: TypeDesign, keys: readonly string[]) =>
    keys.map((key) => type.fields.find((one) => one.key === key.replace(/^-/, ''))?.label ?? key)
  const plain: [string, unknown, unknown][] = [
    ['名称', before.label, after.label],
    ['说明', before.help, after.help],
    ['菜单', before.menu, after.menu],
    ['记录名称', named(before, [before.title]), named(after, [after.title])],
    ['列表的列', named(before, before.list.columns), named(after, after.list.columns)],
    ['列表的筛选', named(before, before.list.filters), named(after, after.list.filters)],
    ['列表的排序', before.list.sort, after.list.sort],
    ['不许重复', before.unique.map((keys) => named(before, keys).join('＋')), after.unique.map((keys) => named(after, keys).join('＋'))],
    ['须经审批', before.approval, after.approval],
  ]
  return [
    ...plain.filter(([, from, to]) => !isSame(from, to)).map(([what, from, to]) => changed(what, from, to)),
    ...fieldWords(before.fields, after.fields),
    ...(isSame(before.groups, after.groups) ? [] : ['调整表单布局']),
    ...(isSame(before.rules, after.rules) ? [] : ['修改校验规则']),
    ...(isSame(before.limits, after.limits) ? [] : ['修改填报限制']),
    ...buttonChanges(before.buttons ?? [], after.buttons ?? []),
    ...(isSame(before.owner, after.owner) ? [] : ['修改记录归属']),
    ...grantWords(defs, before.grants, after.grants),
  ]
}
/** Of one that is new: what is in it. */
function newTypeWords(defs: Definitions, { label, fields, items, approval, buttons, grants }: TypeDesign): string[] {
  const named = fields.slice(0, 60).map((one) => one.label)
  return [
    `新建“${label}”，${fields.length} 个字段：${named.join('、')}${fields.length > named.length ? '等' : ''}`,
    ...(approval ? [items ? '须经审批，逐行决定' : '须经审批'] : []),
    ...(buttons.length ? [`按钮：${buttons.map((one) => one.label).join('、')}`] : []),
    ...grantWords(defs, [], grants),
  ]
}
function buttonChanges(before: readonly ActionButton[], after: readonly ActionButton[]): string[] {
  const old = (name: string) => before.find((one) => one.name === name)
  return [
    ...before.filter(({ name }) => !after.some((one) => one.name === name)).map(({ label }) => `去掉按钮“${label}”`),
    ...after.flatMap((one) => (!old(one.name) ? [`增加按钮“${one.label}”`] : isSame(old(one.name), one) ? [] : [`修改按钮“${one.label}”`])),
  ]
}
const sentence = (defs: Definitions, { role, actions, scope }: GrantDesign): string =>
  `${defs.roles.get(role)?.label ?? role}可${actions.map((one) => grantActions[one]).join('、')}${grantScopes[scope]}记录`
function grantWords(defs: Definitions, before: readonly GrantDesign[], after: readonly GrantDesign[]): string[] {
  const gone = before.filter((one) => !after.some((other) => isSame(one, other)))
  const come = after.filter((one) => !before.some((other) => isSame(one, other)))
  return [...gone.map((one) => `收回权限：${sentence(defs, one)}`), ...come.map((one) => `给予权限：${sentence(defs, one)}`)]
}

/** How what the hospital says of a type of the product differs. */
export function overlayWords(defs: Definitions, name: string, before: Overlay | null, after: Overlay | null): string[] {
  const r = defs.resources.get(name)
  const of = ({ field }: Patch) => (field ? `字段“${r?.fields[field]?.label ?? field}”` : `“${r?.label ?? name}”`)
  const what = ({ property }: Patch) => ({ ...typeProperties, ...fieldProperties })[property]
  const [was, is] = [before?.patches ?? [], after?.patches ?? []]
  const same = (one: Patch) => (other: Patch) => one.field === other.field && one.property === other.property
  const rules = (one: Overlay | null) => one?.rules ?? []
  return [
    ...fieldWords(before?.fields ?? [], after?.fields ?? []),
    ...was.filter((one) => !is.some(same(one))).map((one) => `${of(one)}的${what(one)}恢复为系统的规定`),
    ...is.flatMap((one) => {
      const old = was.find(same(one))
      if (old && isSameDrawn(one.property, old.value, one.value))
        return old && !isSame(old.base, one.base) ? [`${of(one)}的${what(one)}：确认保留本院的设置`] : []
      return [`${of(one)}的${one.property === 'groups' ? '表单布局有调整' : changed(what(one), old ? old.value : one.base, one.value)}`]
    }),
    ...(isSame(rules(before), rules(after)) ? [] : ['修改校验规则']),
    ...(isSame(before?.limits, after?.limits) ? [] : ['修改填报限制']),
    ...buttonChanges(before?.buttons ?? [], after?.buttons ?? []),
    ...(isSame(before?.roles ?? [], after?.roles ?? []) ? [] : ['修改各角色的字段规则']),
  ]
}
