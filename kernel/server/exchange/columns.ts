import { halfWidth, kindOf, type ImportFileColumn } from '#model'
import type { Permission } from '../access/access.ts'
import type { Kernel } from '../kernel.ts'
import type { CompiledResource } from '../store/compiled.ts'
import type { FileRow } from './read/row.ts'
import { isBlank } from './read/row.ts'
import type { ImportProfile, TargetSpec } from './profile.ts'

const numberWords = ['工号', '职工号', '员工号', '职工编号', '员工编号', '人员编号', '人员编码']
const nameWords = ['姓名', '医师姓名', '医生姓名', '人员姓名', '名字']

/** Where columns of a file may go for this profile and this person. */
export function targetsOf(kernel: Kernel, c: CompiledResource, profile: ImportProfile, permission: Permission): TargetSpec[] {
  const targets: TargetSpec[] = []
  const people = c.fields.filter((f) => f.target && kernel.defs.resource(f.target).table === 'directory.person')
  for (const f of c.fields) {
    const { field, key } = f
    if (
      kindOf(field).notImported ||
      field.derived ||
      permission.hidden.has(key) ||
      permission.readOnly.has(key) ||
      (field.readOnly && !profile.right)
    )
      continue
    if (profile.only && !profile.only.includes(key)) continue
    const required = field.required && field.default === undefined && !field.from
    const own = [key, field.label, ...(profile.aliases?.[key] ?? []), ...commonWords(c, key)]
    targets.push({ key, label: field.label, required, aliases: own, ...(field.help ? { help: field.help } : {}) })
    if (!f.target || f.many) continue
    const isPerson = people.includes(f)
    const target = kernel.resource(f.target)
    const code = isPerson ? 'staffNumber' : target.byKey.has('code') ? 'code' : null
    if (!code) continue
    const isOnly = isPerson && people.length === 1
    const part = (suffix: string, label: string, words: string[]) =>
      targets.push({
        key: `${key}.${suffix}`,
        label: `${field.label}${label}`,
        required: false,
        aliases: [`${key}.${suffix}`, `${field.label}${label}`, ...words, ...(profile.aliases?.[`${key}.${suffix}`] ?? [])],
      })
    part(code, isPerson ? '工号' : '编码', isOnly ? numberWords : [])
    part('name', isPerson ? '姓名' : '名称', isOnly ? nameWords : [])
  }
  for (const extra of profile.extra ?? []) targets.push({ ...extra, aliases: [extra.key, extra.label, ...(extra.aliases ?? [])] })
  return targets
}
function commonWords(c: CompiledResource, key: string): string[] {
  if (c.r.table === 'directory.person') return key === 'staffNumber' ? numberWords : key === 'name' ? nameWords : []
  return key === 'code' ? ['编码', '代码', 'code'] : key === 'name' ? ['名称', 'name'] : []
}

/** Headings compared without width, case, spaces, marks and what stands in brackets (units, 必填). */
export function comparableHeading(heading: string, withBrackets = true): string {
  const plain = halfWidth(heading).toLowerCase()
  return (withBrackets ? plain : plain.replace(/[([【［（].*?[)\]】］）]/g, '')).replace(/[\s*:：_\-/\\()[\]【】'"“”]/g, '')
}

/** Which target each heading means; a target is given once, unless it is a wide one. */
export function recognise(headings: readonly string[], targets: readonly TargetSpec[], profile: ImportProfile): (string | null)[] {
  const words = new Map<string, TargetSpec>()
  for (const target of targets)
    for (const word of target.aliases ?? []) if (!words.has(comparableHeading(word))) words.set(comparableHeading(word), target)
  const taken = new Set<string>()
  const found: (string | null)[] = headings.map(() => null)
  const claim = (i: number, target: TargetSpec | undefined) => {
    if (!target || found[i] !== null || (taken.has(target.key) && !target.wide)) return
    taken.add(target.key)
    found[i] = target.key
  }
  for (const withBrackets of [true, false])
    headings.forEach((heading, i) => heading && claim(i, words.get(comparableHeading(heading, withBrackets))))
  // The last line of a two-line head says more than both together.
  headings.forEach((heading, i) => {
    const lines = heading.split('\n')
    if (lines.length > 1) for (const line of lines.toReversed()) claim(i, words.get(comparableHeading(line, false)))
  })
  return found.map((key, i) => {
    if (key !== null || !profile.wide || !headings[i]?.trim()) return key
    const isTaken =
      taken.has(profile.wide.replace(/^\*/, '')) || [...taken].some((t) => t.startsWith(`${profile.wide!.replace(/^\*/, '')}.`))
    return isTaken || profile.notWide?.test(headings[i]) ? null : profile.wide
  })
}

export interface Layout {
  /** The line of the (first) heading, as a person counts. */
  headRow: number
  headLines: number
  headings: string[]
}
const deepestHead = 15
/** Finds the heading among the first lines: the one most of whose cells are known; titles above it are passed over. */
export function findLayout(rows: readonly FileRow[], targets: readonly TargetSpec[], profile: ImportProfile): Layout {
  const plain = { ...profile } as { wide?: string } & ImportProfile
  delete plain.wide
  let best: { layout: Layout; score: number } | null = null
  for (const [i, row] of rows.slice(0, deepestHead).entries()) {
    if (isBlank(row) || row.broken) continue
    for (const lines of [1, 2]) {
      if (lines === 2 && !isTwoLineHead(row, rows[i + 1])) continue
      const layout = layoutAt(rows, row.at, lines)
      const known = recognise(layout.headings, targets, plain).filter((key) => key !== null).length
      const filled = layout.headings.filter((heading) => heading.trim()).length
      const score = known * 10 + (filled > 1 ? 1 : 0) + (lines === 2 ? 0.5 : 0)
      if (!best || score > best.score) best = { layout, score }
    }
  }
  return best?.layout ?? { headRow: rows[0]?.at ?? 1, headLines: 1, headings: rows[0]?.cells.map((cell) => cell.trim()) ?? [] }
}
/** A head of two lines: columns merged downwards are empty below, groups merged sideways are filled below. */
function isTwoLineHead(row: FileRow, next: FileRow | undefined): boolean {
  if (!next || next.broken || isBlank(next) || (next.cells[0] ?? '').trim()) return false
  const below = next.cells.filter((cell) => cell.trim())
  return (
    below.length >= 2 &&
    row.cells.some((cell, i) => cell.trim() && !(next.cells[i] ?? '').trim()) &&
    below.every((cell) => !/^[√✓✔☑]$/.test(cell.trim()))
  )
}
/** The headings when the head stands at a given line; of two lines the upper one reaches over the empty cells right of it. */
export function layoutAt(rows: readonly FileRow[], headRow: number, headLines: number): Layout {
  const at = rows.findIndex((row) => row.at === headRow)
  const upper = rows[at]?.cells ?? []
  const lower = headLines === 2 ? (rows[at + 1]?.cells ?? []) : []
  const width = Math.max(upper.length, lower.length)
  const headings: string[] = []
  let group = ''
  for (let i = 0; i < width; i++) {
    const top = (upper[i] ?? '').trim()
    const bottom = (lower[i] ?? '').trim()
    if (top) group = top
    headings.push(headLines === 1 ? top : bottom ? (group && group !== bottom ? `${group}\n${bottom}` : bottom) : top)
  }
  while (headings.length && !headings.at(-1)) headings.pop()
  return { headRow, headLines, headings }
}

const shownSamples = 5
/** The columns with their first values. */
export function columnsWithSamples(layout: Layout, fields: readonly (string | null)[], rows: readonly FileRow[]): ImportFileColumn[] {
  const body = rows.filter((row) => row.at >= layout.headRow + layout.headLines && !row.broken)
  return layout.headings.map((heading, index) => ({
    index,
    heading: heading.replace('\n', ' / '),
    field: fields[index] ?? null,
    samples: [...new Set(body.map((row) => (row.cells[index] ?? '').trim()).filter(Boolean))].slice(0, shownSamples),
  }))
}
