import { v7 as uuidv7 } from 'uuid'
import { Refusal, type ImportChoices, type ImportDetail, type ImportMapping } from '#model'
import { personOf, type Context } from '../context.ts'
import { needClean, type FileStore } from '../files/files.ts'
import type { Kernel } from '../kernel.ts'
import { brokenConstraint } from '../database/database.ts'
import {
  askToStop,
  busyStates,
  claimBatch,
  findBatch,
  insertBatch,
  listBatches,
  presentBatch,
  updateBatch,
  type BatchRow,
} from './batches.ts'
import { columnsWithSamples, findLayout, layoutAt, recognise, targetsOf } from './columns.ts'
import { pass } from './pass.ts'
import type { Profiles } from './profile.ts'
import { openTable } from './read/table.ts'
import type { FileRow, FileTable } from './read/row.ts'
import { presentDetail } from './present.ts'
import { guarded, progressOf, type OnProgress } from './work.ts'
import { remarksOn } from './remarks.ts'
import { emptyReport } from './report.ts'
import { takeBack, withAnswers, writeBatch } from './run-batch.ts'
import { needApproved } from './sending.ts'
import { newUndoId } from './undo.ts'
import { ImportSession, importPermission, mayImport, type ImportSettings } from './session.ts'

export const largestImport = 200 * 1024 * 1024
const headLines = 60

/** Imports as acts: recognise, settle, preview, run. Every door (page, command line, tests) comes through here. */
export class Imports {
  readonly kernel: Kernel
  readonly files: FileStore
  readonly profiles: Profiles
  constructor(kernel: Kernel, files: FileStore, profiles: Profiles) {
    this.kernel = kernel
    this.files = files
    this.profiles = profiles
  }

  /** Takes a stored file for an import and recognises its columns. */
  async begin(ctx: Context, profileName: string, file: { id: string; name: string }): Promise<string> {
    const profile = this.profiles.find(profileName)
    const permission = importPermission(this.kernel, ctx, profile)
    const table = await this.table(ctx, file.id)
    const targets = targetsOf(this.kernel, this.kernel.resource(profile.resource), profile, permission)
    const sheet = table.sheets[0] ?? null
    const head = await headOf(table, sheet)
    const layout = findLayout(head, targets, profile)
    const columns = recognise(layout.headings, targets, profile)
    const given = new Set(columns)
    const constants = Object.fromEntries(Object.entries(profile.constants ?? {}).filter(([key]) => !given.has(key)))
    const settings: ImportSettings = {
      sheet,
      ...layout,
      columns,
      constants,
      clearBlank: false,
      strict: false,
      basis: '',
      forApproval: false,
    }
    const report = { ...emptyReport(), format: table.format, sheets: table.sheets, columns: columnsWithSamples(layout, columns, head) }
    report.remarks = remarksOn(this.kernel, profile, settings, targets)
    const id = uuidv7()
    await insertBatch(this.kernel, ctx, {
      id,
      kind: 'import',
      profile: profile.name,
      resource: profile.resource,
      file: file.id,
      fileName: file.name,
      state: 'uploaded',
      undoes: null,
      report,
      settings,
    })
    return id
  }

  /** What the person settles: sheet, heading, columns, values for all lines. */
  async settle(ctx: Context, id: string, mapping: ImportMapping): Promise<void> {
    const batch = await this.mine(ctx, id)
    if (busyStates.includes(batch.state) || batch.state === 'done') throw new Refusal('flowRefused', '这个批次正在处理，或已经完成')
    const profile = this.profiles.find(batch.profile)
    const targets = targetsOf(this.kernel, this.kernel.resource(profile.resource), profile, importPermission(this.kernel, ctx, profile))
    const settings = { ...batch.settings }
    let { columns } = batch.report
    if (mapping.sheet !== undefined || mapping.headRow !== undefined || mapping.headLines !== undefined) {
      const table = await this.table(ctx, batch.file!)
      if (mapping.sheet !== undefined && table.sheets.length && !table.sheets.includes(mapping.sheet))
        throw new Refusal('badRequest', '没有这个工作表')
      settings.sheet = mapping.sheet ?? settings.sheet
      const head = await headOf(table, settings.sheet)
      const layout =
        mapping.headRow === undefined
          ? findLayout(head, targets, profile)
          : layoutAt(head, mapping.headRow, mapping.headLines === 2 ? 2 : 1)
      Object.assign(settings, layout, { columns: recognise(layout.headings, targets, profile) })
      columns = columnsWithSamples(layout, settings.columns, head)
    }
    const known = new Set(targets.map((target) => target.key))
    settings.columns = settings.columns.map((key, i) => {
      const given = mapping.columns?.[String(i)]
      return given === undefined ? key : given !== null && known.has(given) ? given : null
    })
    if (mapping.constants)
      settings.constants = Object.fromEntries(
        Object.entries(mapping.constants).filter(([key, value]) => known.has(key) && typeof value === 'string' && value.trim()),
      )
    settings.clearBlank = mapping.clearBlank ?? settings.clearBlank
    settings.strict = mapping.strict ?? settings.strict
    settings.forApproval = mapping.forApproval ?? settings.forApproval
    settings.basis = (mapping.basis ?? settings.basis).slice(0, 500)
    columns = columns.map((column) => ({ ...column, field: settings.columns[column.index] ?? null }))
    const report = { ...batch.report, columns, remarks: remarksOn(this.kernel, profile, settings, targets) }
    await updateBatch(this.kernel, this.kernel.db, id, { settings, report, state: 'uploaded', note: null })
  }

  async choose(ctx: Context, id: string, choices: ImportChoices): Promise<void> {
    const batch = await this.mine(ctx, id)
    if (busyStates.includes(batch.state) || batch.state === 'done') throw new Refusal('flowRefused', '这个批次正在处理，或已经完成')
    const known = new Map(batch.report.doubts.map((doubt) => [doubt.key, doubt]))
    const merged: ImportChoices = { ...batch.choices }
    // `*`: every question not answered yet gets its first candidate, or is left out.
    if ('*' in choices)
      for (const doubt of batch.report.doubts)
        if (!(doubt.key in merged)) merged[doubt.key] = choices['*'] === null ? null : (doubt.candidates[0]?.id ?? null)
    for (const [key, chosen] of Object.entries(choices)) {
      const doubt = known.get(key)
      if (doubt && (chosen === null || doubt.candidates.some((candidate) => candidate.id === chosen))) merged[key] = chosen
    }
    await updateBatch(this.kernel, this.kernel.db, id, { choices: merged })
  }

  /** Says of every line what it would do, writing nothing. Answers when the work has begun; `finished` when it is over. */
  async preview(ctx: Context, id: string, onProgress?: OnProgress): Promise<{ finished: Promise<void> }> {
    const batch = await this.ready(ctx, id)
    await claimBatch(this.kernel.db, id, 'judging', ['uploaded', 'judged', 'failed', 'cancelled'])
    const work = async (): Promise<void> => {
      const session = this.session({ ...ctx, directory: await this.kernel.directory() }, batch, false)
      const table = await this.table(ctx, batch.file!)
      const builder = await pass(session, table, { write: false, onProgress: progressOf(this.kernel, id, '检查', onProgress) })
      const report = await builder.finish(batch.report)
      await updateBatch(this.kernel, this.kernel.db, id, {
        report: withAnswers(report, batch),
        counts: builder.counts,
        state: 'judged',
        progress: null,
      })
    }
    return { finished: guarded(this.kernel, id, work) }
  }

  /** The real one: everything in one transaction. */
  async run(ctx: Context, id: string, onProgress?: OnProgress): Promise<{ finished: Promise<void> }> {
    const batch = await this.ready(ctx, id)
    await claimBatch(this.kernel.db, id, 'running', ['uploaded', 'judged', 'failed', 'cancelled'])
    return {
      finished: guarded(this.kernel, id, async () =>
        writeBatch(this.kernel, ctx, {
          batch,
          table: await this.table(ctx, batch.file!),
          onProgress,
          sessionIn: (inner) => this.session(inner, batch, true),
        }),
      ),
    }
  }
  /** Takes a finished batch back, as a batch of its own that can be taken back again. */
  async undo(ctx: Context, id: string, onProgress?: OnProgress): Promise<{ id: string; finished: Promise<void> }> {
    const batch = await this.mine(ctx, id)
    if (batch.state !== 'done') throw new Refusal('flowRefused', '只有已完成的批次可以撤销')
    if (batch.undoneBy) throw new Refusal('flowRefused', '这个批次已经撤销')
    if (batch.kind === 'undo' && batch.undoes) needApproved(await findBatch(this.kernel, ctx.db, batch.undoes))
    const undoId = newUndoId()
    const { profile, resource, settings } = batch
    const fileName = batch.kind === 'undo' ? `撤销“${batch.fileName}”` : `撤销第 ${batch.number} 批：${batch.fileName}`
    const made = {
      id: undoId,
      kind: 'undo',
      profile,
      resource,
      file: null,
      fileName,
      state: 'running',
      undoes: id,
      report: emptyReport(),
      settings,
    } as const
    await insertBatch(this.kernel, ctx, made).catch((error: unknown) => {
      throw brokenConstraint(error)?.kind === 'unique' ? new Refusal('flowRefused', '这个批次正在撤销，或已经撤销') : error
    })
    const work = () => takeBack(this.kernel, ctx, { batch, undoId, profile: this.profiles.find(profile), onProgress })
    return { id: undoId, finished: guarded(this.kernel, undoId, work) }
  }

  async cancel(ctx: Context, id: string): Promise<void> {
    await this.mine(ctx, id)
    if (!(await askToStop(this.kernel.db, id))) throw new Refusal('flowRefused', '这个批次没有在处理')
  }

  async detail(ctx: Context, id: string): Promise<ImportDetail> {
    const batch = await this.mine(ctx, id)
    return presentDetail(this.kernel, this.profiles, ctx, batch)
  }
  async list(ctx: Context, resource: string | null): Promise<ReturnType<typeof presentBatch>[]> {
    const names = resource ? [resource] : [...this.kernel.defs.resources.keys()]
    const rights = names.flatMap((name) => this.profiles.of(name).map((profile) => ({ name, right: mayImport(this.kernel, ctx, profile) })))
    const whole = rights.filter((r) => r.right?.filter === null).map((r) => r.name)
    const own = rights.filter((r) => r.right && r.right.filter !== null).map((r) => r.name)
    const [all, mine] = await Promise.all([listBatches(ctx.db, whole, null, 100), listBatches(ctx.db, own, personOf(ctx.actor), 100)])
    return [...all, ...mine].sort((a, b) => b.number - a.number).map((row) => presentBatch(this.kernel, this.profiles, row))
  }

  needRight(ctx: Context, profileName: string): void {
    importPermission(this.kernel, ctx, this.profiles.find(profileName))
  }
  /** The ways of importing into a record type that this person may use; `name` is the type's or a way's. Refuses who has none. */
  offered(
    ctx: Context,
    name: string,
  ): { resource: string; resourceLabel: string; profiles: { name: string; label: string; help: string | null }[] } {
    const asked = this.profiles.find(name)
    const { resource } = asked
    importPermission(this.kernel, ctx, asked)
    const usable = this.profiles.of(resource).filter((profile) => mayImport(this.kernel, ctx, profile))
    const profiles = usable.map((profile) => ({ name: profile.name, label: profile.label, help: profile.help ?? null }))
    return { resource, resourceLabel: this.kernel.defs.resource(resource).label, profiles }
  }

  /** A batch that the actor may work with: his own, or any when his right reaches every row. */
  async mine(ctx: Context, id: string): Promise<BatchRow> {
    const batch = await findBatch(this.kernel, ctx.db, id)
    const right = mayImport(this.kernel, ctx, this.profiles.find(batch.profile))
    if (!right || (right.filter !== null && batch.by !== personOf(ctx.actor))) throw new Refusal('notFound', '没有这个导入批次')
    return batch
  }
  async table(ctx: Context, fileId: string): Promise<FileTable> {
    const [file] = await this.files.info(ctx, [fileId])
    if (!file) throw new Refusal('notFound', '导入的文件已不存在')
    needClean(file)
    return openTable(await this.files.local(file), file.name)
  }

  private async ready(ctx: Context, id: string): Promise<BatchRow> {
    const batch = await this.mine(ctx, id)
    if (!batch.file) throw new Refusal('flowRefused', '这个批次没有文件')
    const wrong = batch.report.remarks.filter((remark) => remark.level === 'error')
    if (wrong.length)
      throw new Refusal('importRefused', wrong.map((remark) => remark.text).join('；'), {
        problems: wrong.map((remark) => ({ field: 'columns', message: remark.text })),
      })
    return batch
  }
  private session(ctx: Context, batch: BatchRow, isWriting: boolean): ImportSession {
    const { settings, choices, id, number } = batch
    return new ImportSession({
      kernel: this.kernel,
      ctx,
      profile: this.profiles.find(batch.profile),
      settings,
      choices,
      batch: { id, number },
      isWriting,
    })
  }
}
async function headOf(table: FileTable, sheet: string | null): Promise<FileRow[]> {
  const head: FileRow[] = []
  for await (const rows of table.read({ sheet })) {
    head.push(...rows.slice(0, headLines - head.length))
    if (head.length >= headLines) break
  }
  return head
}
