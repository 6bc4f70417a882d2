import type { Definitions, ResolvedResource } from './definitions.ts'
import { isProtected } from './fields/classes.ts'
import type { Fields } from './fields/field.ts'
import type { Filter } from './filter/filter.ts'
import type { Flow } from './flow/definition.ts'
import { everyStep } from './flow/prove.ts'
import { isShown } from './flow/shown.ts'

/** A piece of a title or summary: words as they stand, or the place of a value. */
export type WordPart = { readonly text: string } | { readonly path: string }
/** What a title may name beside the fields of its record. A field of the same name goes first. */
export const plainWords: ReadonlySet<string> = new Set(['applicant', 'applicantUnit', 'number', 'form', 'medicalOffice'])

/** `{practitioner}的申请（{items.count} 项）` in its pieces. */
export const wordParts = (template: string): WordPart[] =>
  template
    .split(/(\{[^{}]*\})/)
    .filter(Boolean)
    .map((piece) => (/^\{.*\}$/.test(piece) ? { path: piece.slice(1, -1).trim() } : { text: piece }))

/**
 * Why a value cannot stand in a title or summary of this flow's approvals; null when it can. Titles are read by everybody whom the
 * approval reaches, so they hold nothing protected, nothing that a role sees hidden or masked, and nothing that a step hides.
 */
export function unfitWord(defs: Definitions, r: ResolvedResource, flow: Flow<Filter>, path: string): string | null {
  const [key = '', inner, ...more] = path.split('.')
  const field = Object.hasOwn(r.fields, key) ? r.fields[key] : undefined
  if (!field) return plainWords.has(path) ? null : `“${r.label}”没有这个字段：${path}`
  const rows = field.kind === 'rows' ? (field.options as { fields: Fields }).fields : undefined
  const column = inner !== undefined && rows && Object.hasOwn(rows, inner) ? rows[inner] : undefined
  if (more.length > 0 || (rows ? inner === undefined || (inner !== 'count' && !column) : inner !== undefined))
    return `“${r.label}”没有这个字段：${path}；只能写它自己的字段、“明细.count”或“明细.列名”`
  if (isProtected(field) || (column && isProtected(column))) return `受保护的字段不能写在标题和摘要中：${path}`
  if (unreadable.has((column ?? field).kind) && inner !== 'count') return `不能写成文字的字段：${path}`
  if (veiled(defs, r).has(key)) return `有的角色看不到的字段：${path}`
  const steps = everyStep(flow.steps).filter((step) => 'mode' in step)
  return steps.every((step) => isShown(step, key)) ? null : `有的步骤看不到的字段：${path}`
}
const unreadable: ReadonlySet<string> = new Set(['files', 'signature', 'rows'])
/** Fields of a record type that some role does not see plainly. */
const veiled = (defs: Definitions, r: ResolvedResource): Set<string> =>
  new Set(
    defs.modules
      .flatMap((m) => Object.values(m.roles ?? {}).flat())
      .flatMap((grant) => (grant.on === r.name ? [...(grant.fields?.hide ?? []), ...(grant.fields?.mask ?? [])] : [])),
  )

/** What is wrong with a flow's title and summary for one record type, each at its place. */
export function proveWords(defs: Definitions, r: ResolvedResource, flow: Flow<Filter>): { path: string; message: string }[] {
  const templates = [{ at: 'title', text: flow.title }, ...(flow.summary ?? []).map((text, n) => ({ at: `summary.${n}`, text }))]
  return templates.flatMap(({ at, text }) =>
    wordParts(text ?? '').flatMap((part) => {
      const message = 'path' in part ? unfitWord(defs, r, flow, part.path) : null
      return message ? [{ path: at, message }] : []
    }),
  )
}
