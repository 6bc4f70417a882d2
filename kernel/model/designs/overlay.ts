import type { ActionButton } from '../buttons/buttons.ts'
import type { Limits } from '../limits/limits.ts'
import { readButtons, readLimits } from './read-limits.ts'
import type { Field } from '../fields/field.ts'
import { make } from '../fields/make.ts'
import type { Grant } from '../module.ts'
import type { Group, ListSpec, Resource } from '../resource.ts'
import { aligns, fieldOf, indexesOf, type FieldDesign } from './field-design.ts'
import { longestLabel, readFields } from './read-field.ts'
import { compact, isObject, Reader } from './reader.ts'
import { readFieldRules, readGroups, readRules, type GrantDesign, type TypeDesign } from './type-design.ts'

/** What a hospital may say otherwise of a field that the product declares; each says what it is called. */
export const fieldProperties = {
  label: '名称', help: '说明', placeholder: '提示', required: '必填', visibleWhen: '何时显示', requiredWhen: '何时必填', choices: '选项', suggest: '常用内容', width: '宽度', align: '对齐', height: '高度（行）', default: '默认值', hidden: '停用',
} as const // prettier-ignore
export const typeProperties = {
  label: '名称',
  help: '说明',
  columns: '列表的列',
  filters: '列表的筛选',
  sort: '列表的排序',
  groups: '表单布局',
} as const
export type FieldProperty = keyof typeof fieldProperties
export type TypeProperty = keyof typeof typeProperties
/** One thing said otherwise: of which field (empty: of the type itself), what, and what the product said when it was written. */
export interface Patch {
  field: string
  property: FieldProperty | TypeProperty
  value: unknown
  base: unknown
}
export interface Overlay {
  fields: FieldDesign[]
  patches: Patch[]
  /** More conditions that must hold. */
  rules: TypeDesign['rules']
  /** What roles do not see, do not write, or must fill in, beyond what the product says. */
  roles: ({ role: string } & Pick<GrantDesign, 'hide' | 'readOnly' | 'require'>)[]
  /** Beside the product's own. */
  buttons?: ActionButton[]
  limits?: Limits
}
export const emptyOverlay: Overlay = { fields: [], patches: [], rules: [], roles: [] }

/** An overlay as it comes from outside. */
export function readOverlay(given: unknown): Overlay {
  const reader = new Reader()
  const from = reader.object(given, '')
  const overlay: Overlay = {
    fields: readFields(reader, from['fields'], 'fields'),
    ...compact({ buttons: readButtons(reader, from['buttons'], 'buttons'), limits: readLimits(reader, from['limits'], 'limits') }),
    patches: reader.list(from['patches'], 'patches', 1000).flatMap((one, n) => readPatch(reader, one, `patches.${n}`) ?? []),
    rules: readRules(reader, from['rules'], 'rules'),
    roles: reader.list(from['roles'], 'roles', 50).map((one, n) => {
      const rules = reader.object(one, `roles.${n}`)
      return {
        role: reader.text(rules['role'], `roles.${n}.role`, { max: 60, needed: '请选择角色' }),
        ...readFieldRules(reader, rules, `roles.${n}`),
      }
    }),
  }
  reader.done()
  return overlay
}
function readPatch(reader: Reader, given: unknown, at: string): Patch | null {
  const from = reader.object(given, at)
  const field = reader.text(from['field'], `${at}.field`, { max: 60 })
  const property = reader.oneOf<Patch['property']>(
    from['property'],
    `${at}.property`,
    (field ? fieldProperties : typeProperties) as Readonly<Record<Patch['property'], unknown>>,
  )
  if (!property) return (reader.say(`${at}.property`, '没有这项设置'), null)
  return { field, property, value: readValue(reader, property, from['value'] ?? null, `${at}.value`), base: from['base'] ?? null }
}
function readValue(reader: Reader, property: Patch['property'], value: unknown, at: string): unknown {
  switch (property) {
    case 'label':
      return reader.text(value, at, { max: longestLabel, needed: '请填写名称' })
    case 'help':
      return reader.text(value, at, { max: 500 })
    case 'placeholder':
      return reader.text(value, at, { max: 100 })
    case 'required':
    case 'hidden':
      return reader.boolean(value, at)
    case 'visibleWhen':
    case 'requiredWhen':
      return reader.text(value, at, { max: 2000 })
    case 'width':
      return reader.integer(value, at, { min: 1, max: 4 }) ?? null
    case 'align':
      return reader.oneOf(value, at, aligns) ?? null
    case 'height':
      return reader.integer(value, at, { min: 2, max: 40 }) ?? null
    case 'choices':
      return readFields(reader, [{ key: 'x', kind: 'choice', label: 'x', options: { choices: value } }], at)[0]?.options['choices'] ?? {}
    case 'groups':
      return readGroups(reader, value, at)
    case 'default':
      return JSON.stringify(value).length > 2000 ? (reader.say(at, '默认值太长'), null) : value
    default:
      return reader.words(value, at, 200)
  }
}

/** What the product says of a property, as a patch writes it. */
export function baseOf(r: Resource, field: string, property: Patch['property']): unknown {
  if (!field) {
    if (property === 'groups') return r.groups ?? []
    if (property === 'columns' || property === 'filters' || property === 'sort') return r.list?.[property] ?? []
    return (r as unknown as Record<string, unknown>)[property] ?? null
  }
  const of = r.fields[field]
  if (!of) return null
  if (property === 'choices' || property === 'suggest') return (of.options as Record<string, unknown>)[property] ?? null
  if (property === 'hidden') return false
  return (of as unknown as Record<string, unknown>)[property] ?? (property === 'required' ? false : null)
}
/** Patches whose base the product has changed since: the hospital's stays in force until somebody looks at it. */
export const conflictsOf = (r: Resource, overlay: Overlay): Patch[] =>
  overlay.patches.filter(({ field, property, base }) => (!field || r.fields[field]) && !isSame(baseOf(r, field, property), base))
/** Equal as JSON, whatever the order of an object's keys: the database gives them back in its own. */
export const isSame = (one: unknown, other: unknown): boolean => {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((part, n) => isSame(part, other[n]))
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one)
    return keys.length === Object.keys(other).length && keys.every((key) => isSame(one[key], other[key]))
  }
  return (one ?? null) === (other ?? null)
}
const orderOf = (value: unknown): string => (isObject(value) ? Object.keys(value).join(' ') : '')
/** The same to whoever looks at it: choices are drawn in an order. */
export const isSameDrawn = (property: string, one: unknown, other: unknown): boolean =>
  isSame(one, other) && (property !== 'choices' || orderOf(one) === orderOf(other))

/** A product's type as the hospital has it. */
export function laidOver(r: Resource, overlay: Overlay): Resource {
  const fields: Record<string, Field> = Object.assign(Object.create(null) as Record<string, Field>, r.fields)
  let own: Resource = r
  for (const { field, property, value } of overlay.patches) {
    if (field && fields[field]) fields[field] = patched(fields[field], property as FieldProperty, value)
    else if (!field) own = patchedType(own, property as TypeProperty, value)
  }
  for (const one of overlay.fields) fields[one.key] = fieldOf(one)
  const rules = [...(r.rules ?? []), ...overlay.rules]
  const hidden = new Set(overlay.patches.filter(({ property, value }) => property === 'hidden' && value === true).map(({ field }) => field))
  const list = own.list && hidden.size ? { list: withoutHidden(own.list, hidden) } : {}
  const indexes = [...(r.indexes ?? []), ...indexesOf(overlay.fields)]
  const buttons = [...(r.buttons ?? []), ...(overlay.buttons ?? [])]
  const limits = overlay.limits ? { limits: bothLimits(r.limits, overlay.limits) } : {}
  return Object.freeze({
    ...own,
    ...list,
    ...limits,
    ...(buttons.length ? { buttons } : {}),
    fields: fields,
    ...(indexes.length ? { indexes } : {}),
    ...(rules.length ? { rules } : {}),
  })
}
/** The hospital's hours where it says some; caps of both hold. */
const bothLimits = (product: Limits | undefined, own: Limits): Limits => ({
  ...product,
  ...own,
  caps: [...(product?.caps ?? []), ...(own.caps ?? [])],
})
function patched(field: Field, property: FieldProperty, value: unknown): Field {
  const { kind, label, options, ...common } = field
  if (property === 'choices' || property === 'suggest') return make(kind, label, common, { ...options, [property]: value })
  if (property === 'label') return make(kind, String(value), common, options)
  // A field that is stopped keeps what it holds; nobody is asked for it, and it is written no more.
  if (property === 'hidden')
    return value === true ? make(kind, label, { ...common, required: false, visibleWhen: 'false', search: false }, options) : field
  return make(kind, label, { ...common, [property]: value === '' || value === null ? undefined : value }, options)
}
function patchedType(r: Resource, property: TypeProperty, value: unknown): Resource {
  if (property === 'columns' || property === 'filters' || property === 'sort')
    return { ...r, list: { ...r.list, [property]: value as string[] } }
  if (property === 'groups') return { ...r, groups: value as readonly Group[] }
  return { ...r, [property]: value }
}
const withoutHidden = (list: Partial<ListSpec>, hidden: ReadonlySet<string>): Partial<ListSpec> => {
  const kept = (paths: readonly string[] | undefined) => paths?.filter((path) => !hidden.has(path.replace(/^-/, '').split('.')[0]!))
  return compact({ ...list, columns: kept(list.columns), filters: kept(list.filters), sort: kept(list.sort) })
}
/** A grant with what the hospital says of its role's fields: only more is closed. */
export function tightened(grant: Grant, rules: Pick<GrantDesign, 'hide' | 'readOnly' | 'require'>): Grant {
  const more = (one: readonly string[] | undefined, other: readonly string[] | undefined) =>
    one || other ? [...new Set([...(one ?? []), ...(other ?? [])])] : undefined
  const { fields = {} } = grant
  return Object.freeze({
    ...grant,
    fields: compact({
      ...fields,
      hide: more(fields.hide, rules.hide),
      readOnly: more(fields.readOnly, rules.readOnly),
      require: more(fields.require, rules.require),
    }),
  })
}
