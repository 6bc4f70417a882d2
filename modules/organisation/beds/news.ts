import { parseInstant, Refusal, today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'

const most = 2000
/** Clocks differ; but what is said to happen tomorrow would keep all true news of today away. */
const aheadMs = 5 * 60_000

/** What the HIS says of one bed: how it stands, in what condition, or both. */
export interface BedNews {
  /** From 1, as it stood in the batch. */
  line: number
  ward: string
  bed: string
  status: string | null
  condition: string | null
  at: string
}
export interface WrongNews {
  line: number
  ward: string
  bed: string
  message: string
}
export interface NewsAnswer {
  /** Beds that stand otherwise now. */
  changed: number
  /** Lines that said what was known. */
  same: number
  /** Lines older than what is known; they change nothing. */
  old: number
  wrong: WrongNews[]
}

/** A batch as it came over HTTP: each line by itself, so that one wrong line keeps no other away. */
export function readNews(given: unknown, now: Date): { news: BedNews[]; wrong: WrongNews[] } {
  if (!Array.isArray(given) || given.length === 0) throw new Refusal('badRequest', '缺少 beds：床位状态的列表')
  if (given.length > most) throw new Refusal('badRequest', `一次最多 ${most} 条，请分批发送`)
  const news: BedNews[] = []
  const wrong: WrongNews[] = []
  for (const [i, one] of given.entries()) {
    const { ward, bed, state, condition, at } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>
    const [line, wardText, bedText] = [i + 1, textOf(ward), textOf(bed)]
    const moment = typeof at === 'string' ? parseInstant(at) : null
    const message =
      !wardText || !bedText ? '缺少病区编码 ward 或床号 bed'
      : state == null && condition == null ? '缺少 state 或 condition'
      : !moment ? '时间 at 不对，如 2026-05-06T08:30:00+08:00'
      : moment.getTime() > now.getTime() + aheadMs ? '时间 at 在将来'
      : null // prettier-ignore
    if (message) wrong.push({ line, ward: wardText, bed: bedText, message })
    else news.push({ line, ward: wardText, bed: bedText, status: saidOf(state), condition: saidOf(condition), at: moment!.toISOString() })
  }
  return { news, wrong }
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 80) : '')
const saidOf = (value: unknown): string | null => (value == null ? null : typeof value === 'string' ? value : '')

interface Standing {
  id: string
  version: number
  ward: string
  number: string
  to: string | null
  from: string | null
  status: string
  condition: string
  statusAt: string | null
  conditionAt: string | null
}
/** Takes what the HIS says. The newest counts whatever the order of its coming; said twice it changes nothing. */
export function hearStates(kernel: Kernel, ctx: Context, { news, wrong }: ReturnType<typeof readNews>): Promise<NewsAnswer> {
  return kernel.transaction(ctx, async (tx) => {
    const beds = await bedsOf(tx, news)
    const answer: NewsAnswer = { changed: 0, same: 0, old: 0, wrong: [...wrong] }
    const touched = new Map<string, Standing>()
    const before = new Map([...beds].map(([key, one]) => [key, { ...one }]))
    for (const one of news.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.line - b.line))) {
      const key = keyOf(one.ward, one.bed)
      const held = beds.get(key)
      const message = problemOf(kernel, one, held, today(tx.clock))
      if (message) answer.wrong.push({ line: one.line, ward: one.ward, bed: one.bed, message })
      else {
        const outcome = apply(held!, one)
        if (outcome === 'old') answer.old++
        else touched.set(key, held!)
        if (outcome === 'same') answer.same++
      }
    }
    const confirmed: Standing[] = []
    for (const [key, held] of touched) {
      const was = before.get(key)!
      if (was.status === held.status && was.condition === held.condition) confirmed.push(held)
      else {
        answer.changed++
        const changes = { status: held.status, condition: held.condition, statusAt: held.statusAt, conditionAt: held.conditionAt }
        await updateRecordOf(kernel, tx, 'organisation.bed', held.id, held.version, changes, {
          byModule: true,
          system: true,
          act: 'bed.news',
        })
      }
    }
    await confirm(tx, confirmed)
    answer.wrong.sort((a, b) => a.line - b.line)
    return answer
  })
}
const keyOf = (ward: string, number: string): string => JSON.stringify([ward, number])
/** In one order, so that two batches wait for each other and never round in a circle. Relies on the key of ward and number. */
async function bedsOf(tx: Context, news: readonly BedNews[]): Promise<Map<string, Standing>> {
  const asked = new Set(news.map(({ ward }) => ward))
  const wards = new Map([...tx.directory.units.values()].flatMap(({ id, code }) => (asked.has(code) ? [[id, code] as const] : [])))
  const rows = await tx.db.query<Standing>(
    `SELECT id, version, ward, number, "from"::text AS "from", "to"::text AS "to", status, condition, status_at AS "statusAt", condition_at AS "conditionAt" FROM organisation.bed
      WHERE ward = ANY ($1::uuid[]) AND number = ANY ($2::text[]) AND deleted_at IS NULL ORDER BY id FOR UPDATE`,
    [[...wards.keys()], [...new Set(news.map(({ bed }) => bed))]],
  )
  return new Map(rows.map((one) => [keyOf(wards.get(one.ward)!, one.number), one]))
}
function problemOf(kernel: Kernel, one: BedNews, held: Standing | undefined, day: string): string | null {
  const { fields } = kernel.resource('organisation.bed').r
  const isKnown = (key: 'status' | 'condition') => one[key] === null || Object.hasOwn((fields[key]!.options as { choices: object }).choices, one[key])
  if (!isKnown('status')) return `不认识的状态“${one.status!.slice(0, 20)}”`
  if (!isKnown('condition')) return `不认识的情况“${one.condition!.slice(0, 20)}”`
  if (!held) return '没有这张床'
  if (held.to !== null && held.to < day) return `该床位 ${held.to} 已停用`
  return held.from !== null && held.from > day ? `该床位 ${held.from} 才启用` : null
} // prettier-ignore
/** State and condition each have a time of their own: that a bed is broken says nothing of who lies in it. */
function apply(held: Standing, one: BedNews): 'changed' | 'same' | 'old' {
  let outcome: 'changed' | 'same' | 'old' = 'old'
  for (const key of ['status', 'condition'] as const) {
    const said = one[key]
    const known = held[`${key}At`]
    if (said === null || (known !== null && known > one.at)) continue
    if (said !== held[key]) outcome = 'changed'
    else if (outcome === 'old') outcome = 'same'
    held[key] = said
    held[`${key}At`] = one.at
  }
  return outcome
}
/** That a bed still stands so is no change of its record: only the time moves on, without a version and without history. */
async function confirm(tx: Context, beds: readonly Standing[]): Promise<void> {
  if (beds.length === 0) return
  await tx.db.query(
    `UPDATE organisation.bed b SET status_at = n.status_at, condition_at = n.condition_at FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) n(id, status_at, condition_at) WHERE b.id = n.id`,
    [beds.map(({ id }) => id), beds.map(({ statusAt }) => statusAt), beds.map(({ conditionAt }) => conditionAt)],
  )
}
