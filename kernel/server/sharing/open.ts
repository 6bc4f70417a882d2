import { isProtected, kindOf, Refusal, type ApiRecord, type Field, type PublicShareContent, type PublicShareHead, type SharedRecord, type SharedValue, type Titles } from '#model' // prettier-ignore
import { audit } from '../audit/audit.ts'
import { type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { getRecord } from '../records/read.ts'
import { readSettings } from '../settings.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { formOf } from './public-form.ts'
import { deadLink, needOpen, needPassword, noteOpening, takeUse } from './link.ts'
import { sharableKeys, type ShareRow } from './shares.ts'

export async function publicHead(kernel: Kernel, token: string, address: string): Promise<PublicShareHead> {
  const { share } = await needOpen(kernel, token, 'public', address)
  return { hospital: (await readSettings(kernel.db)).hospitalName, kind: share.kind, needsPassword: share.password !== null }
}

/** What a public link shows: the chosen fields in words, as far as its maker sees them today; or the empty form. */
export async function openPublic(kernel: Kernel, token: string, password: unknown, address: string): Promise<PublicShareContent> {
  const { share, maker } = await needOpen(kernel, token, 'public', address)
  await needPassword(kernel, share, password, (outcome) => noteOpening(kernel, share, address, outcome))
  const c = kernel.resource(share.resource)
  const head = { hospital: (await readSettings(kernel.db)).hospitalName, label: c.r.label, by: maker.directory.nameOf(share.owner) }
  if (share.kind === 'form') {
    const form = formOf(kernel, maker, share)
    if (!form) throw deadLink()
    await noteOpening(kernel, share, address, 'done')
    return { ...head, kind: 'form', ...form }
  }
  const records = await sharedRecords(kernel, maker, c, share)
  if (records.length === 0) throw deadLink()
  await takeUse(kernel, share)
  await noteOpening(kernel, share, address, 'done')
  return { ...head, kind: 'records', records }
}
async function sharedRecords(kernel: Kernel, maker: Context, c: CompiledResource, share: ShareRow): Promise<SharedRecord[]> {
  const permission = kernel.access.can(maker.actor, 'read', c.r.name)
  if (!permission) return []
  const allowed = new Set(sharableKeys(c, permission))
  const keys = share.fields.filter((key) => allowed.has(key))
  const records: SharedRecord[] = []
  for (const id of share.records) {
    const found = await getRecord(kernel, maker, c.r.name, id).catch((error: unknown) => (error instanceof Refusal ? null : Promise.reject(error as Error)))
    if (!found || found.record.deletedAt || found.record.state !== 'approved') continue
    const values = keys.filter((key) => key !== c.r.title).flatMap((key) => valueOf(c.r.fields[key]!, found.record[key], found.titles) ?? [])
    const title = keys.includes(c.r.title) ? wordsOf(c.r.fields[c.r.title]!, found.record[c.r.title], found.titles) : ''
    records.push({ title: title || c.r.label, values })
  }
  return records
} // prettier-ignore
const wordsOf = (field: Field, value: unknown, titles: Titles): string =>
  value === null || value === undefined ? '' : kindOf(field).format(value, field, (target, id) => titles[target]?.[id] ?? '')
function valueOf(field: Field, value: unknown, titles: Titles): SharedValue | null {
  if (field.kind !== 'rows') return { label: field.label, text: wordsOf(field, value, titles) }
  const fields = Object.entries((field as Field<'rows'>).options.fields).filter(([, one]) => !isProtected(one) && !kindOf(one).holdsFiles && !kindOf(one).isWriteOnly) // prettier-ignore
  const rows = ((value ?? []) as ApiRecord[]).map((row) => fields.map(([key, one]) => wordsOf(one, row[key], titles)))
  return { label: field.label, head: fields.map(([, one]) => one.label), rows }
}

/** What a link to colleagues leads to: they see there what they may see anyhow. */
export async function openInside(
  kernel: Kernel,
  ctx: Context,
  token: string,
  password: unknown,
): Promise<Pick<ShareRow, 'kind' | 'resource' | 'records' | 'fields' | 'title'> & { by: string; needsPassword: boolean }> {
  const { share } = await needOpen(kernel, token, 'inside', ctx.address ?? '')
  const { kind, resource, title, owner } = share
  const head = { kind, resource, title, by: ctx.directory.nameOf(owner) }
  if (share.password !== null && password === undefined) return { ...head, title: '', records: [], fields: [], needsPassword: true }
  const note = (outcome: 'done' | 'refused') => audit(ctx, { act: 'share.open', outcome, record: share.id })
  await needPassword(kernel, share, password, note)
  await takeUse(ctx, share)
  await note('done')
  return { ...head, records: share.records, fields: share.fields, needsPassword: false }
}
