import { v7 as uuidv7 } from 'uuid'
import { kindOf, Refusal, type ApiRecord, type Field } from '#model'
import type { Context } from '../context.ts'
import { brokenConstraint } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { checkByModules, hasChecks } from '../records/write.ts'
import { noteBatch } from '../store/bulk.ts'
import { columnModel } from '../store/columns.ts'
import { type CompiledResource } from '../store/compiled.ts'
import { readRows } from '../store/opening.ts'
import { Unreadable, type Opener } from '../protection/subject-keys.ts'
import { fromHistory, openerOfHistory } from '../store/history-values.ts'
import { childTableOf, columnOf, quote } from '../store/naming.ts'
import type { BatchRow } from './batches.ts'
import { emptyReport, noCounts, type Report } from './report.ts'
import { noteChanges, prepareLongWork, type ChangeKind } from '../store/batch-work.ts'
import { otherSearchColumns, searchRecord, setDeletedMany, updateMany, type RecordChange } from '../store/bulk-update.ts'

interface Portion {
  kind: ChangeKind
  records: string[]
  versions: number[]
}
export interface UndoOutcome {
  counts: BatchRow['counts']
  report: Report
}

/**
 * Takes a batch back: created rows untouched since go to the recycle bin, changed fields that still hold the imported value get the old one back;
 * what somebody edited or uses since is kept and listed. The undo writes its own changes under `undoId`, so that it can be undone.
 */
export async function undoBatch(kernel: Kernel, ctx: Context, batch: BatchRow, undoId: string): Promise<UndoOutcome> {
  await prepareLongWork(ctx, batch.resource)
  const undo = new Undo(kernel, ctx, kernel.resource(batch.resource), undoId)
  const portions = await ctx.db.query<Portion & object>(
    `SELECT kind, records, versions FROM kernel.import_change WHERE batch = $1::uuid ORDER BY seq DESC`,
    [batch.id],
  )
  try {
    await undo.takeAway(portions.filter((p) => p.kind === 'created' || p.kind === 'restored'))
    for (const portion of portions) {
      if (portion.kind === 'updated') await undo.turnBack(portion)
      if (portion.kind === 'deleted') await undo.bringBack(portion)
    }
  } catch (error) {
    if (brokenConstraint(error)?.kind === 'unique') throw new Refusal('importRefused', '恢复后会与现有记录的唯一键冲突，没有撤销任何内容')
    throw error
  }
  await noteBatch(ctx, undo.c, { act: 'import.undo', batch: undoId }, undo.counts.created + undo.counts.changed)
  return { counts: undo.counts, report: { ...emptyReport(), samples: { ...emptyReport().samples, kept: undo.kept } } }
}
export const newUndoId = (): string => uuidv7()

const mostKept = 2000
class Undo {
  readonly kernel: Kernel
  readonly ctx: Context
  readonly c: CompiledResource
  readonly id: string
  /** Of an undo: `created` counts rows taken away or brought back, `changed` rows turned back. */
  readonly counts = noCounts()
  readonly kept: Report['samples']['kept'] = []
  /** What other views on the same table add to the search text. */
  private readonly others = new Map<string, Record<string, unknown>>()
  constructor(kernel: Kernel, ctx: Context, c: CompiledResource, id: string) {
    this.kernel = kernel
    this.ctx = ctx
    this.c = c
    this.id = id
  }

  async takeAway(portions: readonly Portion[]): Promise<void> {
    const wrote = new Map(portions.flatMap((p) => p.records.map((id, i) => [id, p.versions[i]!] as const)))
    if (wrote.size === 0) return
    const removable = new Map<string, number>()
    for (const record of await this.load([...wrote.keys()])) {
      if (record.deletedAt) this.keep(record, '已在回收站')
      else if (record.version === wrote.get(record.id)) removable.set(record.id, record.version)
      else this.keep(record, '导入后有人修改过')
    }
    for (const [id, why] of await this.stillUsed(removable)) {
      removable.delete(id)
      this.keep((await this.load([id]))[0]!, why)
    }
    const list = [...removable].map(([id, version]) => ({ id, version }))
    for (let at = 0; at < list.length; at += 5000) {
      const done = await setDeletedMany(this.kernel, this.ctx, this.c, list.slice(at, at + 5000), true, 'import.undo')
      await noteChanges(this.ctx, this.id, 'deleted', done)
      this.counts.created += done.length
    }
  }
  async bringBack(portion: Portion): Promise<void> {
    const done = await setDeletedMany(this.kernel, this.ctx, this.c, portion.records.map((id, i) => ({ id, version: portion.versions[i]! })), false, 'import.undo') // prettier-ignore
    await noteChanges(this.ctx, this.id, 'restored', done)
    this.counts.created += done.length
    const back = new Set(done.map((d) => d.id))
    const left = portion.records.filter((id) => !back.has(id))
    if (left.length) for (const record of await this.load(left)) this.keep(record, '撤销后有人处理过')
  }
  /** Field by field: only what still holds the value that the batch wrote. */
  async turnBack(portion: Portion): Promise<void> {
    const entries = await this.ctx.db.once<{ record: string; changes: Record<string, [unknown, unknown]> }>(
      `SELECT h.record, h.changes FROM unnest($2::uuid[], $3::int[]) AS u(record, version) JOIN kernel.history h ON h.resource = $1 AND h.record = u.record AND h.version = u.version`,
      [this.c.r.table, portion.records, portion.versions],
    )
    const opener = await openerOfHistory(this.kernel, this.ctx.db, this.c, entries.map((entry) => entry.changes)) // prettier-ignore
    const written = new Map(entries.map((entry) => [entry.record, entry.changes]))
    const changes: RecordChange[] = []
    for (const record of await this.load(portion.records)) {
      if (record.deletedAt) {
        this.keep(record, '已在回收站')
        continue
      }
      const { keys, old, edited } = this.fieldsToTurn(record, written.get(record.id) ?? {}, opener)
      if (edited.length) this.keep(record, `${edited.join('、')}在导入后有人修改过，保留现在的值`)
      if (keys.length === 0) continue
      const [problem] = hasChecks(this.kernel, this.c)
        ? await checkByModules(this.kernel, this.ctx, this.c, { ...record, ...old }, record)
        : []
      if (problem) this.keep(record, problem.message)
      else
        changes.push({
          id: record.id,
          version: record.version,
          before: record,
          after: { ...record, ...old },
          keys,
          searchRow: searchRecord(this.kernel, this.c, { ...record, ...old }, this.others.get(record.id) ?? {}),
        })
    }
    const done = await updateMany(this.kernel, this.ctx, this.c, changes, 'import.undo')
    if (done.length < changes.length) throw new Refusal('importRefused', '撤销期间有记录被别人修改，没有撤销任何内容，请重试')
    await noteChanges(this.ctx, this.id, 'updated', done)
    this.counts.changed += done.length
  }
  private fieldsToTurn(
    record: ApiRecord,
    changes: Record<string, [unknown, unknown]>,
    opener: Opener,
  ): { keys: string[]; old: Record<string, unknown>; edited: string[] } {
    const keys: string[] = []
    const edited: string[] = []
    const old: Record<string, unknown> = {}
    for (const f of this.c.fields) {
      const pair = changes[f.id]
      if (!pair) continue
      const plain = (value: unknown) => fromHistory(opener, this.c, record.id, f, value)
      // What does not open any more is neither compared nor brought back.
      if (pair.some((value) => plain(value) instanceof Unreadable)) {
        edited.push(f.field.label)
        continue
      }
      if (JSON.stringify(record[f.key] ?? null) !== JSON.stringify(plain(pair[1]) ?? null)) edited.push(f.field.label)
      else {
        keys.push(f.key)
        old[f.key] = plain(pair[0]) ?? null
      }
    }
    return { keys, old, edited }
  }

  private async load(ids: readonly string[]): Promise<ApiRecord[]> {
    const records: ApiRecord[] = []
    for (let at = 0; at < ids.length; at += 5000) {
      const columns = otherSearchColumns(this.kernel, this.c)
      const select = [this.c.select, ...columns.map((column) => `t.${quote(column)} AS ${quote(`s_${column}`)}`)].join(', ')
      const rows = await this.ctx.db.once(`SELECT ${select} FROM ${this.c.table} t WHERE t.id = ANY($1::uuid[])`, [
        ids.slice(at, at + 5000),
      ])
      if (columns.length)
        for (const row of rows)
          this.others.set(row['id'] as string, Object.fromEntries(columns.map((column) => [column, row[`s_${column}`]])))
      records.push(...(await readRows(this.kernel, this.ctx.db, this.c, rows)))
    }
    return records
  }
  private keep(record: ApiRecord, note: string): void {
    this.counts.kept++
    const title = this.c.byKey.get(this.c.r.title)
    const text = title && !title.secret ? kindOf(title.field).format(record[title.key], title.field, (_, id) => id) : record.id
    if (this.kept.length < mostKept) this.kept.push({ row: null, title: text, values: [], note })
  }

  /** Rows that others point at, with the reason; those that only leave together do not hold each other. */
  private async stillUsed(removable: ReadonlyMap<string, number>): Promise<Map<string, string>> {
    const used = new Map<string, string>()
    for (const pointer of this.pointers()) {
      const rows = await this.ctx.db.once<{ target: string; referrer: string }>(pointer.sql, [[...removable.keys()]])
      if (!pointer.isOwn) for (const row of rows) used.set(row.target, `被“${pointer.label}”引用`)
      // A row that stays holds what it points at; again until nothing moves.
      else
        for (let moved = true; moved;) {
          moved = false
          for (const row of rows)
            if (!used.has(row.target) && (!removable.has(row.referrer) || used.has(row.referrer))) {
              used.set(row.target, `被“${pointer.label}”引用`)
              moved = true
            }
        }
    }
    return used
  }
  private pointers(): { sql: string; label: string; isOwn: boolean }[] {
    const { kernel, c } = this
    const found: { sql: string; label: string; isOwn: boolean }[] = []
    for (const [owner, fields] of kernel.defs.tables) {
      const other = kernel.resource(owner)
      const push = (ids: string, isMany: boolean, rows: string | null) => {
        const value = isMany ? `unnest(${ids})` : ids
        const match = isMany ? `${ids} && $1::uuid[]` : `${ids} = ANY($1::uuid[])`
        const from = rows ? `${rows} p JOIN ${other.table} o ON o.id = p.parent` : `${other.table} p`
        const head = rows ? 'o' : 'p'
        found.push({
          sql: `SELECT DISTINCT ${value} AS target, ${head}.id AS referrer FROM ${from} WHERE ${match} AND ${head}.deleted_at IS NULL`,
          label: other.r.label,
          isOwn: owner === c.r.table,
        })
      }
      const isHere = (target: string) => kernel.defs.resource(target).table === c.r.table
      const add = (key: string, field: Field, rows: string | null) => {
        // What is kept from another record holds nothing in place.
        if (field.derived) return
        const column = `p.${quote(columnOf(key, field))}`
        const { target } = field.options as { target?: string }
        const { sql, pointing = [] } = columnModel(field)
        if (target && isHere(target)) push(column, sql(field.options)?.endsWith('[]') === true, rows)
        for (const way of pointing) if (isHere(way.target)) push(way.ids(column), true, rows)
      }
      for (const [key, field] of Object.entries(fields)) {
        add(key, field, null)
        const inner = field.kind === 'rows' ? (field.options as { fields: typeof fields }).fields : {}
        for (const [name, one] of Object.entries(inner)) add(name, one, childTableOf(owner, columnOf(key, field)))
      }
    }
    return found.sort((a, b) => Number(a.isOwn) - Number(b.isOwn))
  }
}
