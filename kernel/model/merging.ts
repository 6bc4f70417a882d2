import type { RecordAnswer } from './api.ts'
import { isProtected } from './fields/classes.ts'
import type { Field } from './fields/field.ts'
import { kindOf } from './fields/kinds.ts'

/** How two values count as the same: as they are; without regard to spaces, case and full width; or by how they sound. */
export type SameBy = 'exact' | 'loose' | 'pinyin'
export interface DuplicateKey {
  field: string
  by: SameBy
}
export const sameByWords: Readonly<Record<SameBy, string>> = { exact: '完全相同', loose: '不计空格、大小写、全半角', pinyin: '读音相同' }
/** GET /api/duplicates/:resource?keys=name:pinyin,code:exact&filter= */
export interface DuplicatesAnswer {
  groups: DuplicateGroup[]
  /** There are more than are shown. */
  isMore: boolean
}
export interface DuplicateGroup {
  count: number
  /** The oldest first; at most as many as are merged at once. */
  ids: string[]
  /** What they have in common, as the first of them has it: one word a key. */
  words: string[]
}
/** GET /api/merge/:resource?ids= */
export interface MergePreview {
  records: (RecordAnswer & { pointing: number; problems: string[] })[]
  /** Why these cannot be merged at all. */
  problems: string[]
}
/** POST /api/merge/:resource */
export interface MergeDraft {
  keep: string
  /** Every record with the version that was seen. */
  records: { id: string; version: number }[]
  /** Field → the record whose value is taken; the kept one's where not said. */
  take: Record<string, string>
  reason: string
}
/** What became of it: references moved to the kept record. */
export interface MergeAnswer {
  moved: number
}
export const mostMerged = 10

/** In which ways values of a field may count as the same; none where they cannot be compared. */
export function sameByOf(field: Field): SameBy[] {
  const kind = kindOf(field)
  const type = kind.schema(field)['type']
  if (kind.isNoKey || kind.isWriteOnly || kind.isLong || kind.holdsFiles || field.kind === 'rows' || field.kind === 'signature') return []
  if (type === 'array' || type === 'object') return []
  if (isProtected(field)) return ['exact']
  return field.kind === 'text' ? ['exact', 'loose', 'pinyin'] : ['exact']
}
/** `name:pinyin` */
export function readDuplicateKey(text: string): DuplicateKey | null {
  const [field = '', by = '', ...rest] = text.split(':')
  return rest.length === 0 && field && Object.hasOwn(sameByWords, by) ? { field, by: by as SameBy } : null
}
