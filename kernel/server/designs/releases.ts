import { Refusal, type ReleaseItem } from '#model'
import { isDesignKind, kindOfDesign, type DesignInForce, type DesignKindName } from '#kernel/model/designs/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import type { Along } from './along.ts'
import type { PublishItem } from './judge.ts'
import { designsInForce, effectiveDefinitions } from './standing.ts'

interface Row {
  no: number
  act: ReleaseItem['act']
  at: string
  by: string | null
  note: string
  words: string[]
  standing: Readonly<Record<string, Readonly<Record<string, number>>>>
}
/** Every release, the latest first. */
export async function listReleases(ctx: Context): Promise<ReleaseItem[]> {
  const rows = await ctx.db.query<Omit<Row, 'standing'> & object>(
    `SELECT no, act, at, by, note, words FROM kernel.release ORDER BY no DESC LIMIT 500`,
  )
  return rows.map(({ by, ...row }, n) => ({ ...row, by: by ? ctx.directory.nameOf(by) : '系统', isCurrent: n === 0 }))
}
/** What stood in force after a release; before the first, nothing did. */
export async function standingAt(ctx: Context, no: number): Promise<DesignInForce[]> {
  if (no === 0) return []
  const [row] = await ctx.db.query<Pick<Row, 'standing'> & object>(`SELECT standing FROM kernel.release WHERE no = $1`, [no])
  if (!row) throw new Refusal('notFound', '没有这次发布')
  const wanted = Object.entries(row.standing).flatMap(([kind, pieces]) =>
    isDesignKind(kind) ? Object.entries(pieces).map(([name, version]) => ({ kind, name, version })) : [],
  )
  return ctx.db.query<DesignInForce & object>(
    `SELECT v.kind, v.name, v.version, v.content FROM kernel.design_version v JOIN unnest($1::text[], $2::text[], $3::int[]) AS w(kind, name, version) USING (kind, name, version) ORDER BY v.kind, v.name`,
    [wanted.map((one) => one.kind), wanted.map((one) => one.name), wanted.map((one) => one.version)],
  )
}
/** What differs between two states, as what would have to be put in force to come from the first to the second. */
export function between(from: readonly DesignInForce[], to: readonly DesignInForce[]): PublishItem[] {
  const key = ({ kind, name }: { kind: DesignKindName; name: string }) => `${kind} ${name}`
  const [was, is] = [new Map(from.map((one) => [key(one), one])), new Map(to.map((one) => [key(one), one]))]
  const gone = from.filter((one) => !is.has(key(one))).map((one) => ({ ...one, content: null }))
  const come = to.filter((one) => was.get(key(one))?.version !== one.version)
  return [...gone, ...come].map(({ kind, name, content }) => ({ kind, name, content, revision: null }))
}
/** How one release differs from another, in words by piece; 0 stands before the first. */
export async function differenceOf(
  kernel: Kernel,
  ctx: Context,
  from: number,
  to: number,
): Promise<{ kind: DesignKindName; name: string; label: string; words: string[] }[]> {
  const [was, is] = [await standingAt(ctx, from), await standingAt(ctx, to)]
  const defs = effectiveDefinitions(kernel.product, is)
  const settings = await currentSettings(kernel, ctx.db)
  return between(was, is).map(({ kind, name, content }) => {
    const old = was.find((one) => one.kind === kind && one.name === name)?.content ?? null
    const model = kindOfDesign(kind)
    const words = model.words(defs, name, old, content).map((one) => fillLabel(one, settings))
    return { kind, name, label: fillLabel(model.label(defs, name, content ?? old), settings), words }
  })
}
/** What has to be put in force to come back to a release. Refused where nothing has changed since, nor what goes back `along`. */
export async function wayBack(ctx: Context, no: number, along: readonly Along[]): Promise<PublishItem[]> {
  const items = between(await designsInForce(ctx.db), await standingAt(ctx, no))
  if (items.length + along.length === 0) throw new Refusal('badRequest', '现在生效的就是这个版本')
  return items
}
/** Every version of one piece, the latest first. */
export async function versionsOf(
  ctx: Context,
  kind: DesignKindName,
  name: string,
): Promise<{ version: number; release: number; at: string; by: string; note: string; isGone: boolean; isInForce: boolean }[]> {
  const rows = await ctx.db.query<{
    version: number
    release: number
    at: string
    by: string | null
    note: string
    isGone: boolean
    isInForce: boolean
  }>(
    `SELECT v.version, v.release, r.at, r.by, r.note, v.content IS NULL AS "isGone", d.in_force = v.version AS "isInForce"
     FROM kernel.design_version v JOIN kernel.release r ON r.no = v.release LEFT JOIN kernel.design d ON d.kind = v.kind AND d.name = v.name WHERE v.kind = $1 AND v.name = $2 ORDER BY v.version DESC`,
    [kind, name],
  )
  return rows.map((row) => ({ ...row, by: row.by ? ctx.directory.nameOf(row.by) : '系统' }))
}
/** One version as what has to be put in force to come back to it. */
export async function versionItem(ctx: Context, kind: DesignKindName, name: string, version: number): Promise<PublishItem> {
  const [row] = await ctx.db.query<{ content: unknown }>(
    `SELECT content FROM kernel.design_version WHERE kind = $1 AND name = $2 AND version = $3`,
    [kind, name, version],
  )
  if (!row) throw new Refusal('notFound', '没有这个版本')
  return { kind, name, content: row.content, revision: null }
}
