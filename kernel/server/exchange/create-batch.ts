import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { noteBatch } from '../store/bulk.ts'
import { insertBatch, updateBatch } from './batches.ts'
import { newItem } from './item.ts'
import { Judge } from './judge.ts'
import type { ImportProfile } from './profile.ts'
import { emptyReport, ReportBuilder } from './report.ts'
import { ImportSession, type ImportSettings } from './session.ts'
import { prepareLongWork } from '../store/batch-work.ts'
import { writePortion } from './write.ts'

/** Creates records that a verb has put together, as one batch: judged, written and undone like an import. Records whose key is there already are left alone. */
export async function createAsBatch(
  kernel: Kernel,
  ctx: Context,
  work: { profile: string; resource: string; title: string; key: readonly string[]; records: readonly Readonly<Record<string, unknown>>[] },
): Promise<{ batch: string | null; created: number; already: number }> {
  const id = uuidv7()
  const at = kernel.clock.now()
  const settings: ImportSettings = {
    sheet: null,
    headRow: 1,
    headLines: 1,
    headings: [],
    columns: [],
    constants: {},
    clearBlank: false,
    strict: false,
    basis: '',
    forApproval: false,
  }
  return kernel.transaction({ ...ctx, clock: { now: () => at } }, async (inner) => {
    await prepareLongWork(inner, work.resource)
    const number = await insertBatch(kernel, inner, {
      id,
      kind: 'copy',
      profile: work.profile,
      resource: work.resource,
      file: null,
      fileName: work.title,
      state: 'running',
      undoes: null,
      report: emptyReport(),
      settings,
    })
    const profile: ImportProfile = { name: work.profile, label: work.title, resource: work.resource, key: work.key }
    const session = new ImportSession({ kernel, ctx: inner, profile, settings, choices: {}, batch: { id, number }, isWriting: true })
    const judge = new Judge(session)
    const report = new ReportBuilder(session)
    for (let from = 0; from < work.records.length; from += 4000) {
      const items = work.records.slice(from, from + 4000).map((values, i) => ({ ...newItem(from + i + 1), values: { ...values } }))
      const judged = (await judge.judge(items)).map((one) => (one.verdict === 'changed' ? { ...one, verdict: 'unchanged' as const } : one))
      const nth = report.counts.created + 1
      report.add(judged)
      await writePortion(session, judged, nth)
    }
    report.counts.rows = work.records.length
    await noteBatch(inner, session.c, { act: 'import', batch: id }, report.counts.created)
    await updateBatch(kernel, inner.db, id, {
      state: 'done',
      counts: report.counts,
      report: await report.finish(emptyReport()),
      doneAt: at.toISOString(),
    })
    return { batch: id, created: report.counts.created, already: report.counts.unchanged }
  })
}
