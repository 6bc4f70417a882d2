import { posts } from '../../posts.ts'
import type { Field, MemberKind } from '../field.ts'
import {
  bad, checkId, checkIds, chosen, isUuid, many, offeredChosen, ok, presence, schemas, unreadable, wrongType,
  type Checked, type KindModel, type KindTable, type NameOf, type Referred,
} from '../kind.ts' // prettier-ignore

const names = (value: unknown, target: string, nameOf: NameOf): string =>
  (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string').map((id: string) => nameOf(target, id)).join('、') // prettier-ignore
type Single = 'person' | 'unit' | 'reference' | 'tree'
const single = <K extends Single>(): KindModel<K> => ({
  check: checkId,
  parse: (cell: string) => ok(cell),
  format: (value, { options }, nameOf) => names(value, options.target, nameOf),
  operators: chosen,
  offered: offeredChosen,
  sortable: true,
  schema: ({ options }) => ({ ...schemas.uuid, 'x-target': options.target }),
})
const hierarchical = { operators: ['under', ...chosen], offered: ['under', ...offeredChosen] } as const

export const postLabels: Readonly<Record<string, string>> = posts
export const memberTargets: Readonly<Partial<Record<MemberKind, string>>> = { person: 'directory.person', unit: 'directory.unit' }
/** `person:<id>` cut in two; null when it is none. */
export function readMember(value: unknown): { kind: MemberKind; id: string } | null {
  const found = typeof value === 'string' ? /^(person|unit|post):(.+)$/.exec(value) : null
  if (!found) return null
  const [, kind, id] = found as unknown as [string, MemberKind, string]
  return (kind === 'post' ? Object.hasOwn(postLabels, id) : isUuid(id)) ? { kind, id } : null
}
export const memberKindsOf = (field: Field<'members'>): readonly MemberKind[] => field.options.of ?? ['person', 'unit', 'post']
function checkMembers(input: unknown, field: Field<'members'>): Checked {
  if (!Array.isArray(input)) return wrongType
  const allowed = memberKindsOf(field)
  if (!input.every((one) => allowed.includes(readMember(one)?.kind as MemberKind))) return bad('请从列表中选择')
  const most = field.options.max ?? 200
  return input.length > most ? bad(`最多 ${most} 个`) : ok([...new Set(input)])
}
const memberName = (value: unknown, nameOf: NameOf): string => {
  const member = readMember(value)
  if (!member) return ''
  return member.kind === 'post' ? `各${postLabels[member.id]}` : nameOf(memberTargets[member.kind]!, member.id)
}
const referredBy = (value: unknown): Referred[] =>
  (Array.isArray(value) ? value : []).flatMap((one) => {
    const member = readMember(one)
    const target = member && memberTargets[member.kind]
    return target ? [{ target, id: member.id }] : []
  })

export const references: KindTable<Single | 'references' | 'members' | 'rows' | 'signature' | 'formula'> = {
  person: single<'person'>(),
  unit: { ...single<'unit'>(), ...hierarchical, isPlainFact: true },
  reference: single<'reference'>(),
  tree: { ...single<'tree'>(), ...hierarchical },
  references: {
    check: checkIds,
    parse: ok,
    format: (value, { options }, nameOf) => names(value, options.target, nameOf),
    operators: many,
    sortable: false,
    schema: ({ options }) => ({ ...schemas.uuids, 'x-target': options.target }),
  },
  members: {
    check: checkMembers,
    parse: ok,
    format: (value, _, nameOf) => (Array.isArray(value) ? value.map((one) => memberName(one, nameOf)).filter(Boolean).join('、') : ''), // prettier-ignore
    operators: many,
    sortable: false,
    schema: () => ({ type: 'array', items: { ...schemas.text, pattern: '^(person|unit|post):' } }),
    refers: referredBy,
  },
  rows: {
    check: (input) => (Array.isArray(input) && input.length <= 5000 ? ok(input) : wrongType),
    parse: unreadable,
    format: (value) => (Array.isArray(value) ? `${value.length} 行` : ''),
    operators: presence,
    sortable: false,
    limits: (value, { options: { min, max } }) => {
      const count = Array.isArray(value) ? value.length : 0
      return min !== undefined && count < min ? `至少 ${min} 项` : max !== undefined && count > max ? `最多 ${max} 项` : null
    },
    // The server's schema adds the columns.
    schema: () => ({ type: 'array' }),
    notImported: true,
    isOwn: true,
    isLong: true,
  },
  signature: {
    check: checkId,
    parse: unreadable,
    format: (value) => (value ? '已签名' : ''),
    operators: presence,
    sortable: false,
    schema: () => schemas.uuid,
    notImported: true,
    isOwn: true,
    notCopied: true,
    holdsFiles: ['image/*'],
  },
  formula: {
    isNumber: ({ options }) => options.result === 'integer' || options.result === 'decimal',
    check: () => bad('此项由系统计算'),
    parse: unreadable,
    format: (value) => (value === null || value === undefined ? '' : String(value)),
    cell: (value, { options }) => (options.result === 'integer' ? (value as number) : String(value)),
    operators: ['eq', 'ne', 'gte', 'lte', 'gt', 'lt', 'between', 'empty', 'notEmpty'],
    sortable: true,
    schema: ({ options }) => ({ type: options.result === 'integer' || options.result === 'boolean' ? options.result : 'string' }),
    notImported: true,
    isComputed: true,
    notCopied: true,
  },
}
