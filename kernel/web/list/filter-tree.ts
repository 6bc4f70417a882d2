import {
  fewestLetters,
  filterDepth,
  isCondition,
  isFoundByPart,
  isProtected,
  kindOf,
  mostFilterDepth,
  protectedOperators,
  type Condition,
  type Field,
  type Filter,
  type Operator,
} from '#model'

/** A filter as the sentence shows it: conditions and groups in one another; what is asked of sub-tables stays whole. */
export type Join = 'and' | 'or'
export interface GroupPart {
  join: Join
  /** What is in it must not hold. */
  isNegated: boolean
  parts: Part[]
}
export type Part = Condition | GroupPart | { whole: Filter }
/** Where a part stands: its place in each group on the way. Empty for the outermost group. */
export type Place = readonly number[]
export const isGroup = (part: Part): part is GroupPart => 'parts' in part
export const isWhole = (part: Part): part is { whole: Filter } => 'whole' in part
/** A list joins what its view, its column and its days ask: so much is left to them. */
const deepest = mostFilterDepth - 3

export const groupOf = (join: Join, ...parts: Part[]): GroupPart => ({ join, isNegated: false, parts })
export const otherJoin = (join: Join): Join => (join === 'and' ? 'or' : 'and')

export function readTree(filter: Filter | null): GroupPart {
  if (!filter) return groupOf('and')
  const part = readPart(filter)
  return isGroup(part) && !part.isNegated ? part : groupOf('and', part)
}
function readPart(filter: Filter): Part {
  if (isCondition(filter)) return filter
  if ('some' in filter) return { whole: filter }
  if ('and' in filter) return groupOf('and', ...filter.and.map(readPart))
  if ('or' in filter) return groupOf('or', ...filter.or.map(readPart))
  const inner = readPart(filter.not)
  return { ...(isGroup(inner) && !inner.isNegated ? inner : groupOf('and', inner)), isNegated: true }
}

/** Groups that hold nothing are gone. */
export const writeTree = (root: GroupPart): Filter | null => writePart(root)
function writePart(part: Part): Filter | null {
  if (isWhole(part)) return part.whole
  if (!isGroup(part)) return part
  const list = part.parts.flatMap((one) => writePart(one) ?? [])
  if (list.length === 0) return null
  const inner: Filter = part.join === 'and' ? { and: list } : { or: list }
  if (!part.isNegated) return inner
  return { not: list.length === 1 ? list[0]! : inner }
}

export function partAt(root: GroupPart, [at, ...rest]: Place): Part | undefined {
  const part = at === undefined ? root : root.parts[at]
  return rest.length === 0 || part === undefined ? part : isGroup(part) ? partAt(part, rest) : undefined
}
/** The tree with another part in this place; null takes it away, and with it the groups that would be left empty. */
export function replaced(root: GroupPart, [at, ...rest]: Place, part: Part | null): GroupPart {
  if (at === undefined) return part && isGroup(part) ? part : groupOf('and', ...(part ? [part] : []))
  const old = root.parts[at]
  const next = rest.length && old && isGroup(old) ? replaced(old, rest, part) : part
  const isGone = next === null || (isGroup(next) && next.parts.length === 0)
  return { ...root, parts: isGone ? root.parts.toSpliced(at, 1) : root.parts.with(at, next) }
}
/** The tree with a part more at the end of a group. */
export function added(root: GroupPart, group: Place, part: Part): GroupPart {
  const found = partAt(root, group)
  return found && isGroup(found) ? replaced(root, group, { ...found, parts: [...found.parts, part] }) : root
}
/** The tree with a part in another group; no group goes into itself. */
export function moved(root: GroupPart, from: Place, to: Place): GroupPart {
  const part = partAt(root, from)
  const isWithin = from.every((at, i) => to[i] === at)
  const isThere = to.length === from.length - 1 && to.every((at, i) => from[i] === at)
  // At the end of the other group first: no place on the way to the old one has changed then.
  return part && !isWithin && !isThere ? replaced(added(root, to, part), from, null) : root
}
/** All groups, the outermost first. */
export const groupsIn = (root: GroupPart, at: Place = []): { group: GroupPart; place: Place }[] => [
  { group: root, place: at },
  ...root.parts.flatMap((part, i) => (isGroup(part) ? groupsIn(part, [...at, i]) : [])),
]
/** Is the tree still one that the server reads, and a list can join its own conditions to? */
export function isNotTooDeep(root: GroupPart): boolean {
  const filter = writeTree(root)
  return filter === null || filterDepth(filter) <= deepest
}
export const tooDeepWord = `最多嵌套 ${deepest} 层`

const needsNoValue = (op: Operator): boolean => op === 'empty' || op === 'notEmpty'
export const isComplete = ({ op, value }: Partial<Condition>): boolean => op !== undefined && (needsNoValue(op) || value !== undefined)
export const wantsList = (op: Operator): boolean => op === 'in' || op === 'notIn' || op === 'has' || op === 'hasAny' || op === 'between'

/** The operators offered for a field; of a protected one those by which this asker may find it. */
export function operatorsOf(field: Field, isMasked = false): readonly Operator[] {
  const offered = kindOf(field).offered ?? kindOf(field).operators
  return isProtected(field) ? offered.filter((op) => protectedOperators(field, isMasked).includes(op)) : offered
}
export const fewLetters = '请输入至少两个字'
/** Text that is looked for in a protected field by a part too short to find anything. */
export const isTooShort = (field: Field, op: Operator, text: string): boolean =>
  (op === 'contains' || op === 'startsWith') && isFoundByPart(field) && text !== '' && [...text].length < fewestLetters
/** Changing the operator keeps the value where it still fits. */
export function withOperator(condition: Condition, op: Operator): Condition {
  const { field, value } = condition
  if (needsNoValue(op)) return { field, op }
  const fits =
    value !== undefined &&
    !(typeof value === 'object' && !Array.isArray(value)) &&
    wantsList(op) === Array.isArray(value) &&
    (op !== 'between') === (condition.op !== 'between')
  return fits ? { field, op, value } : { field, op }
}
