import { v7 as uuidv7 } from 'uuid'
import { invalid, isUuid, Refusal, today, type Choices, type PublicField } from '#model'
import { type Context } from '../context.ts'
import { submit } from '../flow/submit.ts'
import type { Kernel } from '../kernel.ts'
import { tell } from '../messages/messages.ts'
import { createRecord } from '../records/write.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { needCaptcha } from '../access/captcha.ts'
import { deadLink, needOpen, needPassword, noteOpening, takeUse } from './link.ts'
import type { ShareRow } from './shares.ts'

/** The questions of a public form; null when the type asks strangers no more, or its maker may no longer make such records. */
export function formOf(kernel: Kernel, maker: Context, share: ShareRow): { note: string | null; fields: PublicField[] } | null {
  const { r } = kernel.resource(share.resource)
  if (!r.publicForm || !kernel.access.can(maker.actor, 'create', r.name)) return null
  return { note: r.publicForm.note ?? null, fields: r.publicForm.fields.map((key) => fieldOf(key, r.fields[key]!)) }
}
function fieldOf(key: string, field: CompiledResource['r']['fields'][string]): PublicField {
  const { choices = {}, max, unit } = field.options as { choices?: Choices; max?: unknown; unit?: string }
  return {
    key,
    label: field.label,
    kind: field.kind,
    required: field.required,
    help: field.help ?? null,
    max: typeof max === 'number' ? max : null,
    unit: unit ?? null,
    choices: Object.entries(choices).map(([value, spec]) => ({ value, label: typeof spec === 'string' ? spec : spec.label })),
  }
}

export interface PublicEntry {
  password: unknown
  captcha: { id: unknown; answer: unknown }
  values: unknown
  /** Names this entry: sent again it is taken once. */
  actId: unknown
}
/** Takes what a stranger filled in: an ordinary record, made by the system, or the beginning of its approval in the name of whoever handed out the form. */
export async function takeEntry(kernel: Kernel, token: string, given: PublicEntry, address: string): Promise<void> {
  const { share, maker } = await needOpen(kernel, token, 'public', address)
  const form = share.kind === 'form' ? formOf(kernel, maker, share) : null
  if (!form) throw deadLink()
  await needPassword(kernel, share, given.password, (outcome) => noteOpening(kernel, share, address, outcome))
  const actId = isUuid(given.actId) ? given.actId : uuidv7()
  if (await isTaken(kernel, share, actId)) return
  const { id, answer } = given.captcha
  if (!isUuid(id) || typeof answer !== 'string') throw invalid([{ field: 'captcha', message: '请填写验证码' }])
  await needCaptcha(kernel.db, kernel.clock.now(), id, answer)
  const values = readValues(form.fields, given.values)
  try {
    await store(kernel, { share, maker }, actId, values, address)
  } catch (error) {
    throw forStrangers(form.fields, error)
  }
  await noteOpening(kernel, share, address, 'done', 'share.entry')
}
async function isTaken(kernel: Kernel, share: ShareRow, record: string): Promise<boolean> {
  const [row] = await kernel.db.query<{ share: string }>(`SELECT share FROM kernel.public_entry WHERE record = $1::uuid`, [record])
  if (row && row.share !== share.id) throw deadLink()
  return row !== undefined
}
function readValues(fields: readonly PublicField[], given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Refusal('badRequest')
  const foreign = Object.keys(given).filter((key) => !fields.some((field) => field.key === key))
  if (foreign.length) throw new Refusal('badRequest')
  return { ...given }
}
async function store(
  kernel: Kernel,
  { share, maker }: { share: ShareRow; maker: Context },
  record: string,
  values: Record<string, unknown>,
  address: string,
): Promise<void> {
  const c = kernel.resource(share.resource)
  const ctx = await kernel.context({ kind: 'system', reason: '公开填写' }, 'public', { address })
  const draft = { ...ownerOf(c, maker, share), ...values }
  await kernel.transaction(ctx, async (tx) => {
    await takeUse(tx, share)
    if (c.r.approval)
      await submit(kernel, tx, c.r.name, draft, { actId: uuidv7(), record, byModule: true, applicant: share.owner, opinion: '公开填写' })
    else await createRecord(kernel, tx, c.r.name, draft, { actId: record, act: 'create' })
    await tx.db.query(`INSERT INTO kernel.public_entry (record, share, at) VALUES ($1::uuid, $2::uuid, $3)`, [record, share.id, tx.clock.now().toISOString()]) // prettier-ignore
    const message = { kind: 'copy' as const, title: `收到一份公开填写的${c.r.label}`, body: share.title, link: `/r/${c.r.name}/${record}` }
    await tell(tx, [share.owner], message)
  })
}
/** Whose the record is: the person and the unit that handed out the form. */
function ownerOf(c: CompiledResource, maker: Context, { owner }: ShareRow): Record<string, unknown> {
  const { person, department } = c.r.owner
  const unit = maker.directory.unitsOf(owner, today(maker.clock))[0] ?? null
  const mine = Object.entries(c.r.fields).filter(([key, field]) => field.default === 'me' || (key === person && field.required))
  return {
    ...Object.fromEntries(mine.map(([key]) => [key, owner])),
    ...(department && department !== 'id' && !c.r.fields[department]?.derived ? { [department]: unit } : {}),
  }
}
/** A stranger is told what is wrong with what he wrote, and nothing of the house. */
function forStrangers(fields: readonly PublicField[], error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code === 'notFound') return error
  const problems = ((error.detail['problems'] ?? []) as { field: string; message: string }[]).filter((one) => fields.some(({ key }) => key === one.field)) // prettier-ignore
  if (error.code === 'invalid' && problems.length) return invalid(problems)
  return new Refusal('flowRefused', error.code === 'duplicate' ? '相同的内容已经提交过' : '暂时不能提交，请联系发出此表单的人')
}
