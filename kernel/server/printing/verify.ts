import { dayOf, formatInstant, Refusal, type VerifiedPrint } from '#model'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { readSettings } from '../settings.ts'
import { digestOf } from './print.ts'
import { openTold } from './told.ts'

interface PrintRow {
  id: string
  at: string
  number: string
  resource: string
  record: string
  version: number
  templateLabel: string
  told: Buffer | null
}
/** What whoever holds a paper may learn of it: that this hospital printed it, on which day, and whether it still holds. Nothing of the record as it is now. */
export async function verifyPrint(kernel: Kernel, code: string): Promise<VerifiedPrint> {
  const [row] = /^[\w-]{20}$/.test(code)
    ? await kernel.db.query<PrintRow & object>(
        `SELECT id, at, number, resource, record, version, template_label AS "templateLabel", told FROM kernel.print WHERE code_hash = $1`,
        [digestOf(code)],
      )
    : []
  if (!row) throw new Refusal('notFound', '没有这份打印件，可能是伪造的，请向医院核实')
  const [{ hospitalName }, state] = await Promise.all([readSettings(kernel.db), stateNow(kernel, row)])
  return {
    hospital: hospitalName,
    kind: kernel.defs.resources.get(row.resource)?.label ?? '',
    template: row.templateLabel,
    number: row.number,
    printedOn: dayOf(new Date(row.at)),
    // What holds no longer tells nothing of what it said: its record may be kept for no other use.
    shown: state === 'voided' ? [] : await openTold(kernel, row),
    state,
    asOf: formatInstant(kernel.clock.now()),
  }
}
/** How the record stands against what was printed: a record that is gone, or whose approval was taken back, makes the paper void. */
async function stateNow(kernel: Kernel, row: PrintRow): Promise<VerifiedPrint['state']> {
  if (!kernel.defs.resources.has(row.resource)) return 'voided'
  const ctx = await kernel.context({ kind: 'system', reason: '核验打印件' }, 'public')
  const record = await loadRecord(kernel, ctx, kernel.resource(row.resource), row.record, { deleted: true })
  if (!record || record.deletedAt || record.state === 'refused') return 'voided'
  return record.version === row.version ? 'valid' : 'changed'
}
