import { today } from '#model'
import type { Context } from '#kernel/server/context.ts'
import type { Kernel } from '#kernel/server/kernel.ts'
import { tell } from '#kernel/server/messages/messages.ts'
import { updateRecordOf } from '#kernel/server/records/write.ts'
import { service, type OutboxEvent } from '#kernel/server/service.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { items, missingOf, type Item, type Requirement } from './completeness.rules.ts'

const name = 'staff.completeness'
const by = { byModule: true, system: true, act: 'completeness' } as const

interface File {
  id: string
  category: string | null
  holds: Record<Item, boolean>
  line: string | null
  version: number | null
  stored: readonly string[] | null
}
const there = (section: string, more = '') =>
  `EXISTS (SELECT 1 FROM staff.${section} s WHERE s.practitioner = p.id AND s.state = 'approved' AND s.deleted_at IS NULL${more})`
const facts: Record<Item, string> = {
  identityNumber: 'p.identity_number IS NOT NULL',
  mobile: 'p.mobile IS NOT NULL',
  birthDate: 'p.birth_date IS NOT NULL',
  joinedOn: 'p.joined_on IS NOT NULL',
  education: 'p.education IS NOT NULL',
  specialty: 'p.specialty IS NOT NULL',
  school: there('education'),
  diploma: there('education', ' AND cardinality(s.evidence) > 0'),
  title: there('title'),
  registration: there('registration'),
  qualification: there('certificate', ` AND s.kind = 'qualification'`),
  politicalStatus: there('political_status'),
  emergency: there('family', ' AND s.is_emergency'),
}
/** The files of whoever serves here, or of one; with the line that says what is missing so far. */
function filesOf(ctx: Context, person: string | null): Promise<File[]> {
  const holds = Object.entries(facts).map(([item, sql]) => `'${item}', ${sql}`)
  return ctx.db.query<File>(
    `SELECT p.id, p.category, jsonb_build_object(${holds.join(', ')}) AS holds, l.id AS line, l.version, l.missing AS stored
     FROM directory.person p LEFT JOIN staff.completeness l ON l.practitioner = p.id AND l.deleted_at IS NULL
     WHERE p.deleted_at IS NULL AND p.state = 'approved' AND p.status IN ('active', 'away')${person ? ' AND p.id = $1::uuid' : ''}`,
    person ? [person] : [],
  )
}
const requirementsOf = (ctx: Context): Promise<Requirement[]> =>
  ctx.db.query(
    `SELECT item, is_counted AS "isCounted", categories FROM staff.file_requirement WHERE deleted_at IS NULL AND state = 'approved'`,
  )

/** Works out what is missing from everybody's file, or anew from one; writes what has changed. Answers how many lines. */
export async function settleCompleteness(kernel: Kernel, person: string | null = null): Promise<number> {
  const ctx = await kernel.context({ kind: 'system', reason: '档案完整情况' }, 'job')
  const [files, requirements] = [await filesOf(ctx, person), await requirementsOf(ctx)]
  const found = files.map((file) => ({ ...file, missing: missingOf(file, requirements) }))
  // Whoever is new gets his line at night, with all the others.
  const fresh = person ? [] : found.filter(({ line }) => line === null).map(({ id, missing }) => ({ practitioner: id, missing, count: missing.length }))
  const changed = found.filter(({ line, missing, stored }) => line !== null && missing.join() !== (stored ?? []).join())
  if (fresh.length) await kernel.transaction(ctx, (tx) => bulkCreate(kernel, tx, name, fresh, { act: by.act, batch: '档案完整情况' }))
  for (const { line, version, missing } of changed)
    await updateRecordOf(kernel, ctx, name, line!, version!, { missing, count: missing.length }, by)
  return fresh.length + changed.length
} // prettier-ignore

/** Whose file a line of it belongs to. */
const ownerIn =
  (section: string) =>
  async (kernel: Kernel, { record }: OutboxEvent): Promise<void> => {
    if (record === null) return void (await settleCompleteness(kernel))
    const [line] = await kernel.db.query<{ practitioner: string }>(`SELECT practitioner FROM staff.${section} WHERE id = $1::uuid`, [
      record,
    ])
    if (line) await settleCompleteness(kernel, line.practitioner)
  }
const ofPerson = async (kernel: Kernel, { record }: OutboxEvent): Promise<void> => void (await settleCompleteness(kernel, record))

/** Tells him what his file still lacks, once a day. */
async function chased(kernel: Kernel, { record }: OutboxEvent): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '档案催办' }, 'job')
  const [line] = await ctx.db.query<{ practitioner: string; version: number; missing: Item[]; by: string | null }>(
    `SELECT practitioner, version, missing, chased_by AS by FROM staff.completeness
     WHERE id = $1::uuid AND deleted_at IS NULL AND count > 0 AND chased_on = $2::date AND told_on IS DISTINCT FROM chased_on`,
    [record, today(ctx.clock)],
  )
  if (!line) return
  const body = `还缺：${line.missing.map((item) => items[item]).join('、')}。由${line.by ? ctx.directory.nameOf(line.by) : '系统'}催办。`
  await kernel.transaction(ctx, async (tx) => {
    await updateRecordOf(kernel, tx, name, record!, line.version, { toldOn: today(ctx.clock) }, by)
    await tell(tx, [line.practitioner], { kind: 'task', title: '请补全您的技术档案', body, link: `/r/staff.practitioner/${line.practitioner}` })
  })
} // prettier-ignore

export default service({
  name,
  on: {
    'directory.person': ofPerson,
    'staff.education': ownerIn('education'),
    'staff.title': ownerIn('title'),
    'staff.registration': ownerIn('registration'),
    'staff.certificate': ownerIn('certificate'),
    'staff.politicalStatus': ownerIn('political_status'),
    'staff.family': ownerIn('family'),
    'staff.fileRequirement': async (kernel) => void (await settleCompleteness(kernel)),
    [name]: chased,
  },
  daily: { settle: async (kernel) => void (await settleCompleteness(kernel)) },
})
