import { kindLabels, type Derived, type Field, type FieldKind, type Group, type DesignBase, type LayoutElement } from '#model'
import {
  fieldProperties,
  isSame,
  isSameDrawn,
  newKey,
  type FieldDesign,
  type FieldProperty,
  type Overlay,
  type Patch,
  type TypeDesign,
} from '#kernel/model/designs/index.ts'

/** A field on the board; one of the product's own can be said otherwise, within limits. */
export interface BoardField extends FieldDesign {
  isBase?: boolean
}
/** What the designer draws: fields, and how they are laid out. Every field stands in exactly one group. */
export interface Board {
  readonly fields: readonly BoardField[]
  readonly groups: readonly Group[]
}
export type Place = { group: number; at: number }

/** What a new field of a kind begins with. */
const beginnings: Partial<Record<FieldKind, Readonly<Record<string, unknown>>>> = {
  choice: { choices: { a: '选项一', b: '选项二' } },
  choices: { choices: { a: '选项一', b: '选项二' } },
  decimal: { scale: 2 },
  money: { scale: 2 },
  autoNumber: { prefix: 'NO-', digits: 5, perYear: true },
  formula: { expression: '', result: 'decimal', scale: 2 },
  reference: { target: 'staff.practitioner' },
  references: { target: 'staff.practitioner' },
  tree: { target: 'directory.unit', parent: 'parent' },
  cascade: { tree: [{ key: 'a', label: '一级', children: [{ key: 'a1', label: '二级' }] }] },
}
export function newField(kind: FieldKind, taken: ReadonlySet<string>): BoardField {
  let label = kindLabels[kind]
  for (let n = 2; taken.has(label); n++) label = `${kindLabels[kind]}${n}`
  const columns: FieldDesign[] = [{ key: newKey(), kind: 'text', label: '名称', required: false, options: {} }]
  return { key: newKey(), kind, label, required: false, options: kind === 'rows' ? { fields: columns } : (beginnings[kind] ?? {}) }
}

/** Groups in which every field stands once; what none names stands at the end. */
export function normal(fields: readonly { key: string }[], groups: readonly Group[]): Group[] {
  const known = new Set(fields.map(({ key }) => key))
  const seen = new Set<string>()
  const kept = groups.map((group) => ({
    ...group,
    fields: group.fields.filter((part) => {
      if (typeof part !== 'string') return true
      const isKept = known.has(part) && !seen.has(part)
      seen.add(part)
      return isKept
    }),
  }))
  const rest = fields.map(({ key }) => key).filter((key) => !seen.has(key))
  if (kept.length === 0) return [{ label: '', fields: rest }]
  if (rest.length === 0) return kept
  return kept.length === 1 && kept[0]!.label === ''
    ? [{ ...kept[0]!, fields: [...kept[0]!.fields, ...rest] }]
    : [...kept, { label: '其他', fields: rest }]
}

export const boardOfType = (type: TypeDesign): Board => ({ fields: type.fields, groups: normal(type.fields, type.groups) })
/** The type with what the board says: fields in the order in which they are laid out. */
export function typeWith(type: TypeDesign, board: Board): TypeDesign {
  const order = board.groups.flatMap((group) => group.fields.filter((part) => typeof part === 'string'))
  const byKey = new Map(board.fields.map((one) => [one.key, one]))
  const isPlain =
    board.groups.length === 1 &&
    !board.groups[0]!.label &&
    !board.groups[0]!.tab &&
    board.groups[0]!.fields.every((part) => typeof part === 'string')
  const kept = (keys: readonly string[]) =>
    keys.filter((key) => byKey.has(key.replace(/^-/, '').split('.')[0]!) || !/^-?x[a-z0-9]{6}/.test(key))
  const { list, owner, items, ...rest } = type
  return {
    ...rest,
    fields: order.map((key) => byKey.get(key)!),
    groups: isPlain ? [] : [...board.groups],
    // What is taken away is not named any more.
    list: { ...list, columns: kept(list.columns), filters: kept(list.filters), sort: kept(list.sort) },
    unique: type.unique.map(kept).filter((keys) => keys.length > 0),
    owner: {
      ...(owner.person && kept([owner.person]).length ? { person: owner.person } : {}),
      ...(owner.department && kept([owner.department]).length ? { department: owner.department } : {}),
    },
    ...(items && byKey.has(items) ? { items } : {}),
    title: byKey.has(type.title) ? type.title : (order[0] ?? ''),
    grants: type.grants.map((one) => ({
      ...one,
      ...(one.hide ? { hide: kept(one.hide) } : {}),
      ...(one.readOnly ? { readOnly: kept(one.readOnly) } : {}),
      ...(one.require ? { require: kept(one.require) } : {}),
    })),
  }
}

/** Parts of a definition that are set, or (undefined) no longer said. */
export type Changed<T> = { [K in keyof T]?: T[K] | undefined }
/** A field of the product as the board shows it. */
function designOf(key: string, { kind, label, required, options, ...common }: Field): BoardField {
  const { help, placeholder, visibleWhen, requiredWhen, readOnly, width, align, height, default: given } = common
  const inner =
    kind === 'rows'
      ? { fields: Object.entries((options as { fields: Record<string, Field> }).fields).map(([one, field]) => designOf(one, field)) }
      : {}
  return JSON.parse(
    JSON.stringify({
      key,
      kind,
      label,
      required,
      help,
      placeholder,
      visibleWhen,
      requiredWhen,
      readOnly,
      width,
      align,
      height,
      default: given,
      options: { ...options, ...inner },
      isBase: true,
    }),
  ) as BoardField
}
const said = (field: BoardField, property: FieldProperty): unknown => {
  if (property === 'choices' || property === 'suggest') return field.options[property] ?? null
  if (property === 'hidden') return (field as { hidden?: boolean }).hidden ?? false
  return (field as unknown as Record<string, unknown>)[property] ?? (property === 'required' ? false : null)
}
function patchedField(field: BoardField, { property, value }: Patch): BoardField {
  if (property === 'choices' || property === 'suggest') return { ...field, options: { ...field.options, [property]: value } }
  return { ...field, [property]: value ?? undefined }
}
const baseFields = (base: DesignBase): BoardField[] => Object.entries(base.fields).map(([key, field]) => designOf(key, field))
export function boardOfOverlay(overlay: Overlay, base: DesignBase): Board {
  const fields = [
    ...baseFields(base).map((field) => overlay.patches.filter((one) => one.field === field.key).reduce(patchedField, field)),
    ...overlay.fields,
  ]
  const groups = overlay.patches.find(({ field, property }) => !field && property === 'groups')
  return { fields, groups: normal(fields, (groups?.value as Group[] | undefined) ?? base.groups) }
}
/** The overlay that makes of the product's type what the board says: patches only where it differs. */
export function overlayWith(overlay: Overlay, base: DesignBase, board: Board): Overlay {
  const patches: Patch[] = overlay.patches.filter(({ field, property }) => !field && property !== 'groups')
  const seen = (field: string, property: Patch['property'], now: unknown) =>
    overlay.patches.find((one) => one.field === field && one.property === property)?.base ?? now
  for (const field of baseFields(base)) {
    const drawn = board.fields.find(({ key }) => key === field.key)
    if (!drawn) continue
    for (const property of Object.keys(fieldProperties) as FieldProperty[]) {
      const [now, wanted] = [said(field, property), said(drawn, property)]
      if (!isSameDrawn(property, now, wanted))
        patches.push({ field: field.key, property, value: wanted, base: seen(field.key, property, now) })
    }
  }
  const own = board.fields.filter(({ isBase }) => !isBase)
  const asIs = normal([...baseFields(base), ...own], base.groups)
  if (!isSame(asIs, board.groups))
    patches.push({ field: '', property: 'groups', value: board.groups, base: seen('', 'groups', base.groups) })
  return { ...overlay, fields: own, patches }
}

// What is done on the board: each answers the board after it.
const withoutPart = (groups: readonly Group[], isIt: (part: string | LayoutElement, group: number, at: number) => boolean): Group[] =>
  groups.map((group, g) => ({ ...group, fields: group.fields.filter((part, at) => !isIt(part, g, at)) }))
const inserted = (groups: readonly Group[], { group, at }: Place, part: string | LayoutElement): Group[] =>
  groups.map((one, g) => (g === group ? { ...one, fields: one.fields.toSpliced(at, 0, part) } : one))

export function added(board: Board, kind: FieldKind, place: Place): { board: Board; key: string } {
  const field = newField(kind, new Set(board.fields.map(({ label }) => label)))
  return { board: { fields: [...board.fields, field], groups: inserted(board.groups, place, field.key) }, key: field.key }
}
/** What is kept from other records: of one that a field names, or of all that point here. */
export const derivedWords = { lookup: '查找', rollUp: '汇总' } as const
export type DerivedKind = keyof typeof derivedWords
export function addedDerived(board: Board, what: DerivedKind, place: Place): { board: Board; key: string } {
  const made = added(board, 'text', place)
  const labels = new Set(board.fields.map(({ label }) => label))
  let label: string = derivedWords[what]
  for (let n = 2; labels.has(label); n++) label = `${derivedWords[what]}${n}`
  const derived: Derived = what === 'lookup' ? { lookup: '' } : { rollUp: { of: '', by: '', how: 'count' } }
  return { board: changedField(made.board, made.key, { label, derived }), key: made.key }
}
export function copied(board: Board, key: string): { board: Board; key: string } {
  const field = board.fields.find((one) => one.key === key)!
  const labels = new Set(board.fields.map(({ label }) => label))
  let label = `${field.label} 副本`
  for (let n = 2; labels.has(label); n++) label = `${field.label} 副本${n}`
  const { isBase: _, ...rest } = field
  const columns =
    field.kind === 'rows'
      ? { options: { ...field.options, fields: (field.options['fields'] as FieldDesign[]).map((one) => ({ ...one, key: newKey() })) } }
      : {}
  const copy = { ...rest, ...columns, key: newKey(), label }
  const { group, at } = placeOf(board, key)
  return { board: { fields: [...board.fields, copy], groups: inserted(board.groups, { group, at: at + 1 }, copy.key) }, key: copy.key }
}
export const removed = (board: Board, key: string): Board => ({
  fields: board.fields.filter((one) => one.key !== key),
  groups: withoutPart(board.groups, (part) => part === key),
})
export const changedField = (board: Board, key: string, part: Partial<BoardField>): Board => ({
  ...board,
  fields: board.fields.map((one) => (one.key === key ? { ...one, ...part } : one)),
})
/** Where a field stands. */
export function placeOf(board: Board, key: string): Place {
  const group = board.groups.findIndex(({ fields }) => fields.includes(key))
  return { group: Math.max(0, group), at: group < 0 ? 0 : board.groups[group]!.fields.indexOf(key) }
}
/** Takes what stands at a place to another: places are those before it is moved. */
export function moved(board: Board, from: Place, to: Place): Board {
  const part = board.groups[from.group]?.fields[from.at]
  if (part === undefined) return board
  const at = from.group === to.group && from.at < to.at ? to.at - 1 : to.at
  if (from.group === to.group && from.at === at) return board
  const rest = withoutPart(board.groups, (_, g, n) => g === from.group && n === from.at)
  return { ...board, groups: inserted(rest, { group: to.group, at }, part) }
}
export const laid = (board: Board, element: LayoutElement, place: Place): Board => ({
  ...board,
  groups: inserted(board.groups, place, element),
})
export const relaid = (board: Board, place: Place, element: LayoutElement | null): Board => ({
  ...board,
  groups: board.groups.map((one, g) =>
    g === place.group ? { ...one, fields: element ? one.fields.with(place.at, element) : one.fields.toSpliced(place.at, 1) } : one,
  ),
})
export const groupAdded = (board: Board): Board => ({
  ...board,
  groups: [...board.groups, { label: `分组${board.groups.length + 1}`, fields: [] }],
})
export const groupChanged = (board: Board, at: number, part: Partial<Group>): Board => ({
  ...board,
  groups: board.groups.map((one, n) => (n === at ? { ...one, ...part } : one)),
})
/** Its fields go to the group before it, or after it. */
export function groupRemoved(board: Board, at: number): Board {
  const gone = board.groups[at]
  if (!gone || board.groups.length === 1) return board
  const heir = at === 0 ? 1 : at - 1
  return {
    ...board,
    groups: board.groups
      .map((one, n) =>
        n === heir ? { ...one, fields: at === 0 ? [...gone.fields, ...one.fields] : [...one.fields, ...gone.fields] } : one,
      )
      .filter((_, n) => n !== at),
  }
}
export function groupMoved(board: Board, at: number, by: -1 | 1): Board {
  const [one, other] = [board.groups[at], board.groups[at + by]]
  return one && other ? { ...board, groups: board.groups.with(at, other).with(at + by, one) } : board
}
