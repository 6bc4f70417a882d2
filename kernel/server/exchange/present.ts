import type { ImportDetail } from '#model'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { presentBatch, type BatchRow } from './batches.ts'
import { targetsOf } from './columns.ts'
import type { Profiles } from './profile.ts'
import { importPermission } from './session.ts'

const shownLines = 500
const shownRowsOfDoubt = 20
/** A batch with all that the page shows of it. */
export function presentDetail(kernel: Kernel, profiles: Profiles, ctx: Context, batch: BatchRow): ImportDetail {
  const profile = profiles.find(batch.profile)
  const c = kernel.resource(profile.resource)
  const { settings, report, choices } = batch
  const answered = (key: string) => (key in choices ? { chosen: choices[key]! } : {})
  return {
    ...presentBatch(kernel, profiles, batch),
    ...report,
    problems: report.problems.slice(0, shownLines),
    warnings: report.warnings.slice(0, shownLines),
    repairs: report.repairs.slice(0, shownLines),
    doubts: report.doubts.map((doubt) => ({ ...doubt, rows: doubt.rows.slice(0, shownRowsOfDoubt), ...answered(doubt.key) })),
    sheet: settings.sheet,
    headRow: settings.headRow,
    headLines: settings.headLines,
    targets: targetsOf(kernel, c, profile, importPermission(kernel, ctx, profile)).map(({ key, label, required, wide, help }) => ({
      key,
      label,
      required,
      ...(wide ? { wide } : {}),
      ...(help ? { help } : {}),
    })),
    constants: settings.constants,
    clearBlank: settings.clearBlank,
    strict: settings.strict,
    basis: settings.basis,
    forApproval: settings.forApproval,
    needsBasis: !profile.right && c.r.approval !== undefined,
  }
}
