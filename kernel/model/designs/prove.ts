import type { Definitions, ResolvedResource } from '../definitions.ts'
import { derivedOrder } from '../derived.ts'
import { isProtected } from '../fields/classes.ts'
import type { Choices, Field, Fields } from '../fields/field.ts'
import { buttonProblems } from '../buttons/prove.ts'
import { limitProblems } from '../limits/prove.ts'
import { isGiven, isStopped, kindOf } from '../fields/kinds.ts'
import { isMomentWord } from '../fields/moment-words.ts'
import type { FieldProblem } from '../refusals.ts'
import { expressionProblem } from './expressions.ts'
import { fieldOf, fieldsOf, type FieldDesign } from './field-design.ts'
import type { Overlay, Patch } from './overlay.ts'
import { proofInWords } from './prove-words.ts'
import { laidOut, type TypeDesign } from './type-design.ts'

/** What keeps an own type from being published. `defs` have it already. */
export function proveType(defs: Definitions, name: string, type: TypeDesign): FieldProblem[] {
  const r = defs.resources.get(name)
  if (!r) return [{ field: '', message: '定义没有生效' }]
  const problems = [
    ...proveFieldDesigns(type.fields, r.fields),
    ...proveGrants(type),
    ...limitProblems(defs, r),
    ...buttonProblems(defs, r),
    ...proveTitle(type, r),
    ...proveOwner(type, r),
    ...proveLayout(type),
  ]
  return orProofs(defs, r, type.fields, problems)
}
/** What keeps an overlay from being published. `product` is what it is laid over. */
export function proveOverlay(defs: Definitions, product: ResolvedResource, overlay: Overlay): FieldProblem[] {
  const r = defs.resources.get(product.name)
  if (!r) return [{ field: '', message: '系统中没有这种记录' }]
  const problems = [
    ...proveFieldDesigns(overlay.fields, r.fields),
    ...overlay.patches.flatMap((patch, n) => provePatch(product, r, patch).map((message) => ({ field: `patches.${n}`, message }))),
    ...overlay.roles.flatMap(({ role }, n) => (defs.roles.has(role) ? [] : [{ field: `roles.${n}.role`, message: '没有这个角色' }])),
    ...overlay.fields.flatMap(({ key, label }, n) =>
      product.fields[key] ? [{ field: `fields.${n}.key`, message: '字段编号与系统字段相同' }]
        : Object.values(product.fields).some((one) => one.label === label) ? [{ field: `fields.${n}.label`, message: `系统中已有名为“${label}”的字段` }] : []),
  ] // prettier-ignore
  problems.push(
    ...ofOverlay(limitProblems(defs, r), 'limits.caps', product.limits?.caps?.length ?? 0),
    ...ofOverlay(buttonProblems(defs, r), 'buttons', product.buttons?.length ?? 0),
    ...closedToButtons(product, overlay),
  )
  return orProofs(defs, r, overlay.fields, problems)
}
/** Faults of what stands behind the product's own, by their number in the overlay. */
const ofOverlay = (problems: readonly FieldProblem[], list: string, before: number): FieldProblem[] =>
  problems.map(({ field, message }) => ({
    message,
    field: field.replace(new RegExp(`^${list}\\.(\\d+)`), (_, at) => `${list}.${Number(at) - before}`),
  }))
/** What the program writes by itself is not pressed. */
const closedToButtons = (product: ResolvedResource, { buttons = [] }: Overlay): FieldProblem[] =>
  buttons.flatMap(({ does }, n) =>
    ('set' in does ? Object.keys(does.set) : [])
      .filter((key) => product.fields[key]?.readOnly)
      .map((key) => ({ field: `buttons.${n}.does.set.${key}`, message: `“${product.fields[key]!.label}”由系统填写，不能由按钮设置` })),
  )

/** What is a matter of law or of the program's own working is only made stricter. */
function provePatch(product: ResolvedResource, r: ResolvedResource, { field, property, value }: Patch): string[] {
  const of = field ? product.fields[field] : null
  if (field && !of) return [] // The product has taken the field away: the patch rests, and is listed.
  if (!of) return property === 'groups' ? proveNamed(value as TypeDesign['groups'], r) : []
  if (!Object.hasOwn(product.ownFields, field)) return ['这个字段属于上一级类型，请在那里调整']
  if (property === 'required' && of.required && value !== true) return ['系统要求必填，不能改为选填']
  if (property === 'visibleWhen' && of.required && value && value !== of.visibleWhen) return ['系统要求必填，不能隐藏']
  if (property === 'hidden' && value === true && isNeeded(product, field, of)) return ['系统要用到这个字段，不能停用']
  if (property === 'choices') return proveChoices(of, value)
  const isText = property === 'visibleWhen' || property === 'requiredWhen'
  const problem = isText && typeof value === 'string' && value ? expressionProblem(value, r.fields) : null
  return problem ? [problem] : []
}
/** Does the product work with this field, so that it cannot be stopped. */
export const isNeeded = (r: ResolvedResource, key: string, field: Field): boolean =>
  field.required ||
  key === r.title ||
  key === r.owner.person ||
  key === r.owner.department ||
  (r.unique ?? []).flat().includes(key) ||
  key === r.items
function proveChoices(of: Field, value: unknown): string[] {
  const own = (of.options as { choices?: Readonly<Record<string, unknown>>; of?: string }).choices
  if (!own || (of.options as { of?: string }).of) return ['这个字段的选项不能修改']
  const missing = Object.keys(own).filter((key) => !Object.hasOwn(value as object, key))
  if (missing.length) return ['系统要用到原有的选项，只能改名称、调整次序或增加']
  return Object.keys(own).some((key) => isStopped(value as Choices, key)) ? ['系统要用到原有的选项，不能停用'] : []
}
const proveNamed = (groups: TypeDesign['groups'], r: ResolvedResource): string[] =>
  laidOut(groups).filter((key) => !Object.hasOwn(r.fields, key)).slice(0, 5).map((key) => `布局中的字段“${key}”不存在`) // prettier-ignore

function proveFieldDesigns(designs: readonly FieldDesign[], all: Fields): FieldProblem[] {
  return designs.flatMap((one, n) => [
    ...proveExpressions(one, all, `fields.${n}`),
    ...proveDefault(one, `fields.${n}`),
    ...proveFillable(one, `fields.${n}`),
    ...(one.kind === 'rows' ? proveColumns(one, `fields.${n}.options.fields`) : []),
  ])
}
function proveColumns(rows: FieldDesign, at: string): FieldProblem[] {
  const columns = (rows.options['fields'] ?? []) as readonly FieldDesign[]
  const fields = fieldsOf(columns)
  if (columns.length === 0) return [{ field: at, message: '子表至少一列' }]
  return columns.flatMap((one, n) => [
    ...proveExpressions(one, fields, `${at}.${n}`),
    ...proveDefault(one, `${at}.${n}`),
    ...proveFillable(one, `${at}.${n}`),
  ])
}
function proveExpressions(one: FieldDesign, fields: Fields, at: string): FieldProblem[] {
  const given: [string, unknown][] = [['visibleWhen', one.visibleWhen], ['requiredWhen', one.requiredWhen], ['options.expression', one.kind === 'formula' ? one.options['expression'] : undefined]] // prettier-ignore
  return given.flatMap(([name, text]) => {
    const problem = typeof text === 'string' && text ? expressionProblem(text, fields) : null
    return problem ? [{ field: `${at}.${name}`, message: problem }] : []
  })
}
/** A default is a value that could be typed: what the form would refuse is refused here. */
function proveDefault(one: FieldDesign, at: string): FieldProblem[] {
  if (one.default === undefined || one.kind === 'rows') return []
  const field = fieldOf(one)
  if (isMomentWord(field, one.default)) return []
  if (kindOf(field).isComputed || kindOf(field).isWriteOnly) return [{ field: `${at}.default`, message: '这种字段没有默认值' }]
  const checked = kindOf(field).check(one.default, field)
  return 'problem' in checked ? [{ field: `${at}.default`, message: `默认值：${checked.problem}` }] : []
}

/** What is required can be filled in by somebody. */
const mustBeFilled = (one: FieldDesign): boolean => one.required && one.default === undefined && !isGiven(fieldOf(one))
const proveFillable = (one: FieldDesign, at: string): FieldProblem[] =>
  mustBeFilled(one) && one.readOnly ? [{ field: at, message: '必填而又只读，又没有默认值：没有人能填' }] : []
function proveGrants({ grants, fields }: TypeDesign): FieldProblem[] {
  return grants.flatMap(({ actions, hide = [], readOnly = [] }, n) => {
    const closed = actions.includes('create')
      ? fields.find((one) => mustBeFilled(one) && [...hide, ...readOnly].includes(one.key))
      : undefined
    if (!closed) return []
    const way = hide.includes(closed.key) ? '看不到' : '不能填'
    return [{ field: `grants.${n}`, message: `可以新增，却${way}必填的“${closed.label}”：填不了` }]
  })
}

function proveTitle(type: TypeDesign, r: ResolvedResource): FieldProblem[] {
  const field = r.fields[type.title]
  if (!field) return [{ field: 'title', message: '请选择用哪个字段作为记录的名称' }]
  const { isLong, holdsFiles, isWriteOnly } = kindOf(field)
  return isLong || holdsFiles || isWriteOnly || field.kind === 'rows' || isProtected(field)
    ? [{ field: 'title', message: `“${field.label}”不适合作为记录的名称` }]
    : []
}
function proveOwner({ owner }: TypeDesign, r: ResolvedResource): FieldProblem[] {
  const isOf = (key: string | undefined, kind: string) => key === undefined || key === 'createdBy' || r.fields[key]?.kind === kind
  const target = (key: string | undefined) => (r.fields[key ?? '']?.options as { target?: string } | undefined)?.target
  return [
    ...(isOf(owner.person, 'person') || target(owner.person) === 'staff.practitioner' ? [] : [{ field: 'owner.person', message: '所属人员要选一个人员字段' }]),
    ...(isOf(owner.department, 'unit') ? [] : [{ field: 'owner.department', message: '所属科室要选一个科室字段' }]),
  ] // prettier-ignore
}
function proveLayout(type: TypeDesign): FieldProblem[] {
  const keys = new Set(type.fields.map(({ key }) => key))
  const seen = new Set<string>()
  return type.groups.flatMap(({ fields }, n) =>
    fields.flatMap((part) => {
      if (typeof part !== 'string') return []
      const message = !keys.has(part) ? `没有字段“${part}”` : seen.has(part) ? `字段“${part}”放了两处` : null
      seen.add(part)
      return message ? [{ field: `groups.${n}`, message }] : []
    }),
  )
}

/** With what the proof of declarations finds beside: everything that the product's own types are held to. */
function orProofs(defs: Definitions, r: ResolvedResource, designs: readonly FieldDesign[], problems: FieldProblem[]): FieldProblem[] {
  const circle = derivedOrder(defs).circle
  if (circle) problems.push(proveCircle(defs, circle, designs))
  if (problems.length) return problems
  return defs.prove().map((line) => {
    const [of = '', where = '', ...what] = line.split(': ')
    const [key = ''] = where.split('.')
    const at = of === r.name ? designs.findIndex((one) => one.key === key) : -1
    const place = at >= 0 ? `fields.${at}` : of === r.name ? where : ''
    const label = r.fields[key]?.label
    const message = proofInWords(what.join(': '))
    return {
      field: place,
      message:
        of === r.name
          ? label && at < 0
            ? `${label}：${message}`
            : message
          : `${defs.resources.get(of)?.label ?? of}：${where}：${message}`,
    }
  })
}
function proveCircle(defs: Definitions, circle: readonly string[], designs: readonly FieldDesign[]): FieldProblem {
  const named = circle.map((one) => {
    const cut = one.lastIndexOf('.')
    return defs.resources.get(one.slice(0, cut))?.fields[one.slice(cut + 1)]?.label ?? one
  })
  const at = designs.findIndex(({ key }) => circle.some((one) => one.endsWith(`.${key}`)))
  return { field: at >= 0 ? `fields.${at}` : '', message: `公式或汇总互相依赖，绕成了圈：${named.join(' → ')}` }
}
