import { v7 as uuidv7 } from 'uuid'
import { invalid, isGiven, isUuid, kindOf, mostMerged, Refusal, type ApiRecord, type MergeAnswer, type MergeDraft, type MergePreview } from '#model' // prettier-ignore
import type { Permission } from '../access/access.ts'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { setDeleted } from '../records/deletion.ts'
import { pointingAt } from '../records/pointing.ts'
import { loadRecord } from '../records/load.ts'
import { answer, needReadable } from '../records/read.ts'
import { reaches } from '../records/rights-over.ts'
import { updateRecordOf } from '../records/write.ts'
import { closedThrough, closedWords, periodDay } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { moveReferences, type Move } from './moves.ts'

/** Records side by side: what each holds as the asker sees it, how much points at it, and what keeps it from being merged. */
export async function previewMerge(kernel: Kernel, ctx: Context, resource: string, ids: readonly string[]): Promise<MergePreview> {
  const c = kernel.resource(resource)
  needSome(ids)
  const stored: ApiRecord[] = []
  const records: MergePreview['records'] = []
  for (const id of ids) {
    const { record, permission } = await needReadable(kernel, ctx, resource, id)
    stored.push(structuredClone(record))
    const groups = await pointingAt(kernel, ctx, c.r.table, id)
    records.push({ ...(await answer(kernel, ctx, c, permission, record)), pointing: groups.reduce((sum, group) => sum + group.count, 0), problems: [] })
  }
  const found = await obstacles(kernel, ctx, c, stored)
  return { records: records.map((one) => ({ ...one, problems: found.of.get(one.record.id) ?? [] })), problems: found.all }
} // prettier-ignore

/** Merges duplicates into one of them: every reference goes over, the others go to the recycle bin, all of it in one transaction or nothing. */
export async function mergeRecords(kernel: Kernel, ctx: Context, resource: string, draft: MergeDraft): Promise<MergeAnswer> {
  const c = kernel.resource(resource)
  needSome(draft.records.map(({ id }) => id))
  const write = rights(kernel, ctx, c).at(-1)!
  if (!draft.reason.trim()) throw invalid([{ field: 'reason', message: '请填写合并的理由' }])
  return kernel.transaction(ctx, async (tx) => {
    const stored = new Map<string, ApiRecord>()
    // In one order, so that two who merge the same wait for each other.
    for (const { id, version } of draft.records.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const record = await loadRecord(kernel, tx, c, id, { lock: true, deleted: true })
      if (!record || !(await isReadable(kernel, tx, c, record))) throw new Refusal('notFound')
      if (record.deletedAt || record.version !== version)
        throw new Refusal('versionConflict', record.deletedAt ? '其中有记录已被别人删除或合并，请重新查找' : '其中有记录刚被别人修改，请重新核对') // prettier-ignore
      stored.set(id, record)
    }
    const keep = stored.get(draft.keep)
    if (!keep) throw new Refusal('badRequest', '请选择保留哪一条')
    const found = await obstacles(kernel, tx, c, [...stored.values()], keep.id)
    const said = [...found.all, ...[...found.of].flatMap(([id, words]) => words.map((word) => `“${nameOf(c, stored.get(id)!)}”${word}`))]
    if (said.length) throw new Refusal('flowRefused', `不能合并：${said.join('；')}`, { problems: [] })
    const { hidden } = kernel.access.need(tx.actor, 'read', resource)
    const changes = chosen(c, stored, draft, { readOnly: write.readOnly, hidden })
    return carryOut(kernel, tx, c, { keep, others: [...stored.values()].filter((one) => one !== keep), changes, draft })
  })
}
function needSome(ids: readonly string[]): void {
  const isGood = ids.every(isUuid) && new Set(ids).size === ids.length && ids.length >= 2 && ids.length <= mostMerged
  if (!isGood) throw new Refusal('badRequest', `请选择 2 至 ${mostMerged} 条记录`)
}
async function isReadable(kernel: Kernel, ctx: Context, c: CompiledResource, record: ApiRecord): Promise<boolean> {
  return reaches(kernel, ctx, c, kernel.access.need(ctx.actor, 'read', c.r.name).filter, record)
}
/** To merge is to change and to delete; where an approval stands before both it is to pass it by. */
function rights(kernel: Kernel, ctx: Context, c: CompiledResource): Permission[] {
  if (c.r.writtenBy === 'module') throw new Refusal('noRight', `“${c.r.label}”由业务流程产生，不能合并`)
  const actions = c.r.approval ? (['writeDirectly'] as const) : (['delete', 'update'] as const)
  return actions.map((action) => kernel.access.need(ctx.actor, action, c.r.name))
}

interface Obstacles {
  all: string[]
  of: Map<string, string[]>
}
/** What keeps these from being merged: a right that is missing, a period that is closed, an approval that runs, an account that would be nobody's. */
async function obstacles(kernel: Kernel, ctx: Context, c: CompiledResource, records: readonly ApiRecord[], keep?: string): Promise<Obstacles> {
  const of = new Map<string, string[]>()
  const say = (id: string, word: string) => of.set(id, [...(of.get(id) ?? []), word])
  const needed = rights(kernel, ctx, c)
  const closed = await closedThrough(ctx, c)
  const ids = records.map(({ id }) => id)
  const busy = await ctx.db.query<{ record: string }>(
    `SELECT record FROM kernel.flow_instance WHERE record = ANY($1::uuid[]) AND ended_at IS NULL UNION SELECT record FROM kernel.change_request WHERE record = ANY($1::uuid[]) AND state = 'open'`,
    [ids],
  )
  const running = new Set(busy.map(({ record }) => record))
  for (const record of records) {
    for (const { filter } of needed) if (!(await reaches(kernel, ctx, c, filter, record))) { say(record.id, '没有修改和删除它的权限'); break }
    if (record.deletedAt) say(record.id, '已删除')
    const day = periodDay(c, record)
    if (closed && day && day <= closed.through) say(record.id, closedWords(closed))
    if (running.has(record.id) || record.state === 'pending' || record.state === 'returned') say(record.id, '有审批正在进行，请先办结')
  }
  const all: string[] = []
  if (c.r.table === 'directory.person') {
    const inUse = await inUseOf(ctx, ids)
    if (inUse.size > 1) all.push('其中有两人以上有登录账号或审批，不能合并')
    else if (keep && inUse.size === 1 && !inUse.has(keep)) all.push('有登录账号或审批的那一位须保留')
  }
  return { all, of }
} // prettier-ignore
/** Whose name stands in accounts and approvals, which point at people without being records. */
async function inUseOf(ctx: Pick<Context, 'db'>, people: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.db.query<{ person: string }>(
    `SELECT person FROM security.account WHERE person = ANY($1::uuid[]) UNION SELECT applicant FROM kernel.flow_instance WHERE applicant = ANY($1::uuid[])
     UNION SELECT person FROM kernel.flow_task WHERE person = ANY($1::uuid[]) UNION SELECT person FROM kernel.stand_in WHERE person = ANY($1::uuid[]) OR deputy = ANY($1::uuid[])`,
    [people],
  )
  return new Set(rows.map(({ person }) => person))
}

/** The values that the kept record takes over from others. */
function chosen(c: CompiledResource, stored: ReadonlyMap<string, ApiRecord>, { keep, take }: MergeDraft, permission: Pick<Permission, 'readOnly' | 'hidden'>): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const [key, from] of Object.entries(take)) {
    const field = c.r.fields[key]
    const source = stored.get(from)
    if (!field || !source) throw new Refusal('badRequest')
    if (from === keep) continue
    if (isGiven(field) || field.readOnly || kindOf(field).isWriteOnly || permission.readOnly.has(key) || permission.hidden.has(key))
      throw invalid([{ field: key, message: `“${field.label}”不能从别的记录取` }])
    const value = source[key] ?? null
    changes[key] = field.kind === 'rows' ? ((value ?? []) as Record<string, unknown>[]).map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'id'))) : value
  }
  return changes
} // prettier-ignore

interface Merging {
  keep: ApiRecord
  others: readonly ApiRecord[]
  changes: Readonly<Record<string, unknown>>
  draft: MergeDraft
}
async function carryOut(kernel: Kernel, tx: Context, c: CompiledResource, { keep, others, changes, draft }: Merging): Promise<MergeAnswer> {
  const gone = new Set(others.map(({ id }) => id))
  const byModule = { byModule: true, act: 'merge' } as const
  const parts: { record: string; moves: Move[] }[] = []
  for (const { id } of others) parts.push({ record: id, moves: await moveReferences(kernel, tx, c.r.table, { from: id, to: keep.id, gone, earlier: parts.flatMap(({ moves }) => moves) }) })
  // Deleted before their values are taken over: a key of theirs is free then.
  for (const { id } of others) await setDeleted(kernel, tx, c.r.name, id, true, null, byModule)
  const version = (await loadRecord(kernel, tx, c, keep.id))!.version
  if (Object.keys(changes).length) await updateRecordOf(kernel, tx, c.r.name, keep.id, version, changes, byModule)
  const [merge, at] = [uuidv7(), tx.clock.now().toISOString()]
  await tx.db.query(`INSERT INTO kernel.merge (id, resource, kept, reason, at, by_person) VALUES ($1::uuid, $2, $3::uuid, $4, $5, $6::uuid)`, [merge, c.r.name, keep.id, draft.reason.trim(), at, personOf(tx.actor)])
  for (const { record, moves } of parts) await tx.db.query(`INSERT INTO kernel.merge_part (merge, record, moves) VALUES ($1::uuid, $2::uuid, $3::jsonb)`, [merge, record, JSON.stringify(moves)])
  await tx.db.query(`INSERT INTO kernel.follow (person, record, resource, at) SELECT DISTINCT person, $2::uuid, $3, $4::timestamptz FROM kernel.follow WHERE record = ANY($1::uuid[]) ON CONFLICT DO NOTHING`, [[...gone], keep.id, c.r.name, at])
  await audit(tx, { act: 'merge', outcome: 'done', resource: c.r.name, record: keep.id, detail: { others: [...gone], take: draft.take, reason: draft.reason.trim() } })
  return { moved: parts.reduce((sum, { moves }) => sum + moves.length, 0) }
} // prettier-ignore
const nameOf = (c: CompiledResource, record: ApiRecord): string => {
  const title = c.byKey.get(c.r.title)
  return title && !title.secret && typeof record[title.key] === 'string' ? String(record[title.key]) : c.r.label
}
