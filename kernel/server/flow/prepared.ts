import { v7 as uuidv7 } from 'uuid'
import {
  invalid,
  isUuid,
  Refusal,
  type ApiRecord,
  type FieldProblem,
  type PreparedAnswer,
  type PreparedItem,
  type PreparedSigned,
} from '#model'
import type { InstanceState } from '#kernel/model/flow/index.ts'
import { audit } from '../audit/audit.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Place } from '../protection/cipher.ts'
import { needOwnFiles } from '../files/reading.ts'
import { tell } from '../messages/messages.ts'
import { loadRecord } from '../records/load.ts'
import { reaches } from '../records/rights-over.ts'
import { titlesOf } from '../records/titles.ts'
import { judgeDraft } from '../records/write.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { currentVersion } from './in-force.ts'
import { submit, type SubmitOptions } from './submit.ts'
import { approvalWords, type ApprovalWords } from './words.ts'

/** 代填: a form filled in for somebody else, who alone signs and submits it. */
export interface Prepared {
  id: string
  resource: string
  for_person: string
  by_person: string
  value: Buffer
  at: string
  done_at: string | null
}
type Draft = Readonly<Record<string, unknown>>
const placeOf = (record: string): Place => ({ resource: 'kernel.prepared_form', record, field: 'value' })
/** What was filled in. */
export const preparedDraft = (kernel: Kernel, { id, value }: Prepared): Draft =>
  JSON.parse(kernel.protector.open(placeOf(id), value)) as Draft

/** Keeps a form for the person who is to sign it, and tells him. Nothing is submitted and no number is taken. */
export async function keepPrepared(kernel: Kernel, ctx: Context, resource: string, person: string, draft: Draft): Promise<{ id: string }> {
  // He for whom it is will be able to read what it names.
  await needOwnFiles(kernel, ctx, draft)
  const id = uuidv7()
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(`INSERT INTO kernel.prepared_form (id, resource, for_person, by_person, value, at) VALUES ($1, $2, $3, $4, $5, $6)`, [
      id, resource, person, personOf(ctx.actor), kernel.protector.seal(placeOf(id), JSON.stringify(draft)), ctx.clock.now().toISOString(),
    ]) // prettier-ignore
    const { title, summary } = await wordsOf(kernel, tx, kernel.resource(resource), person, draft)
    const name = ctx.directory.nameOf(personOf(ctx.actor))
    await tell(tx, [person], { title: `${name}已为您填好，待您签名：${title}`, body: summary, link: '/me/prepared' })
    await audit(tx, { act: 'prepare', outcome: 'done', resource, detail: { for: person, prepared: id } })
  })
  return { id }
}

/** Fills in a request for the person whose it is to be: within one's scope, and right in itself but for the signature. */
export async function prepareFor(kernel: Kernel, ctx: Context, resource: string, draft: Draft): Promise<{ id: string }> {
  const c = kernel.resource(resource)
  const ownerKey = c.r.owner.person
  if (!c.r.approval || !ownerKey || c.r.writtenBy === 'module' || preparedBy(kernel, resource))
    throw new Refusal('badRequest', `“${c.r.label}”不能这样代填`)
  kernel.access.need(ctx.actor, 'create', resource)
  const person = draft[ownerKey]
  if (!isUuid(person)) throw invalid([{ field: ownerKey, message: '请选择为谁代填' }])
  await needInScope(kernel, ctx, person, ownerKey)
  const { problems } = await judgeDraft(kernel, ctx, c, draft, new Set())
  // He signs himself.
  const wrong = problems.filter(({ field }) => c.byKey.get(field)?.field.kind !== 'signature')
  if (wrong.length) throw invalid(wrong)
  return keepPrepared(kernel, ctx, resource, person, draft)
}
async function needInScope(kernel: Kernel, ctx: Context, person: string, field: string): Promise<void> {
  const people = kernel.resource('directory.person')
  const scope = kernel.access.scopeOf(ctx.actor, 'flows.fillIn', people.r.name)
  const record = await loadRecord(kernel, ctx, people, person)
  if (!record || record['status'] !== 'active' || !(await reaches(kernel, ctx, people, scope, record)))
    throw invalid([{ field, message: '只能为权限范围内的在岗人员代填' }])
}
const preparedBy = (kernel: Kernel, resource: string) =>
  kernel.services.map((s) => s.prepared?.[resource]).find((found) => found !== undefined)

/** A form that waits for me, to be looked at and mended before I sign it. */
export async function openPrepared(kernel: Kernel, ctx: Context, id: string): Promise<PreparedAnswer> {
  const [form] = await ctx.db.query<Prepared & object>(
    `SELECT * FROM kernel.prepared_form WHERE id = $1::uuid AND for_person = $2::uuid AND done_at IS NULL`,
    [id, personOf(ctx.actor)],
  )
  if (!form) throw new Refusal('notFound', '代填的申请已提交或被撤销')
  const draft = preparedDraft(kernel, form)
  const titles = await titlesOf(kernel, ctx, kernel.resource(form.resource), [draft as ApiRecord], [])
  return { id, resource: form.resource, draft, titles, byName: ctx.directory.nameOf(form.by_person) }
}
/** He submits what was filled in for him, as he has mended it. */
export function submitPrepared(
  kernel: Kernel,
  ctx: Context,
  resource: string,
  draft: Draft,
  options: SubmitOptions & { prepared: string },
) {
  const { prepared, ...how } = options
  return kernel.transaction(ctx, async (tx) => {
    const form = await takePrepared(tx, prepared)
    if (form.resource !== resource) throw new Refusal('badRequest')
    const answer = await submit(kernel, tx, resource, draft, { ...how, filledBy: form.by_person })
    await donePrepared(tx, form.id, answer.record)
    return answer
  })
}

/** The forms that wait for a person's signature, or that he filled in for others. */
export const preparedForms = (ctx: Pick<Context, 'db' | 'actor'>): Promise<Prepared[]> =>
  ctx.db.query<Prepared & object>(
    `SELECT * FROM kernel.prepared_form WHERE done_at IS NULL AND (for_person = $1::uuid OR by_person = $1::uuid) ORDER BY at DESC LIMIT 100`,
    [personOf(ctx.actor)],
  )
/** The same as people read them. */
export async function listPrepared(kernel: Kernel, ctx: Context): Promise<PreparedItem[]> {
  const items: PreparedItem[] = []
  for (const form of (await preparedForms(ctx)).filter(({ resource }) => kernel.defs.resources.has(resource))) {
    const c = kernel.resource(form.resource)
    const words = await wordsOf(kernel, ctx, c, form.for_person, preparedDraft(kernel, form))
    items.push({
      id: form.id, at: form.at, ...words, isMine: form.for_person === personOf(ctx.actor),
      forName: ctx.directory.nameOf(form.for_person), byName: ctx.directory.nameOf(form.by_person), link: `${c.r.form ?? `/r/${form.resource}/new`}?prepared=${form.id}`,
    }) // prettier-ignore
  }
  return items
}
/** A draft is called as its approval will be. */
async function wordsOf(kernel: Kernel, ctx: Context, c: CompiledResource, applicant: string, draft: Draft): Promise<ApprovalWords> {
  const rows = c.r.items ? ((draft[c.r.items] ?? []) as object[]).map((row, n) => ({ ...row, id: String(n) })) : []
  const shown = { ...draft, ...(c.r.items ? { [c.r.items]: rows } : {}) } as unknown as ApiRecord
  const state = { applicant, number: '', items: Object.fromEntries(rows.map(({ id }) => [id, {}])) } as unknown as InstanceState
  const { definition } = await currentVersion(kernel, ctx, c.r.approval!)
  return approvalWords(kernel, ctx, { c, stored: shown, shown, request: null }, state, { definition, occasion: 'new' })
}

/** Either of both may throw it away before it is signed. */
export async function dropPrepared(ctx: Context, id: string): Promise<void> {
  const [gone] = await ctx.db.query<{ resource: string }>(
    `DELETE FROM kernel.prepared_form WHERE id = $1::uuid AND done_at IS NULL AND (for_person = $2::uuid OR by_person = $2::uuid) RETURNING resource`,
    [id, personOf(ctx.actor)],
  )
  if (gone) await audit(ctx, { act: 'prepare.drop', outcome: 'done', resource: gone.resource, detail: { prepared: id } })
}

/** Holds a form that its own person submits; within the transaction that does. */
export async function takePrepared(tx: Context, id: string): Promise<Prepared> {
  const [form] = await tx.db.query<Prepared & object>(
    `SELECT * FROM kernel.prepared_form WHERE id = $1::uuid AND for_person = $2::uuid FOR UPDATE`,
    [id, personOf(tx.actor)],
  )
  if (!form) throw new Refusal('notFound', '代填的申请已被撤销')
  return form
}
/** It is submitted, and waits for nobody any more. */
export async function donePrepared(tx: Context, id: string, record: string): Promise<void> {
  await tx.db.query(`UPDATE kernel.prepared_form SET done_at = $3, record = $2::uuid WHERE id = $1::uuid`, [id, record, tx.clock.now().toISOString()]) // prettier-ignore
}

/** One signature for a batch: each form is a submission of its own, in a transaction of its own, with a result of its own. The form's id is its act's, so that signing twice submits once. */
export async function signPrepared(kernel: Kernel, ctx: Context, ids: readonly string[], signature: string): Promise<PreparedSigned> {
  const results: PreparedSigned['results'] = []
  for (const id of new Set(ids))
    results.push(
      await signOne(kernel, { ...ctx, afterCommit: [] }, id, signature).then(
        (instance) => ({ id, ok: true, message: '已提交', instance }),
        (error: unknown) => ({ id, ok: false, message: error instanceof Refusal ? wordsOfRefusal(error) : '系统出错，请单独提交', instance: null }),
      ),
    ) // prettier-ignore
  return { results }
}
function wordsOfRefusal({ message, detail }: Refusal): string {
  const problems = detail['problems'] as readonly FieldProblem[] | undefined
  return problems?.length ? [...new Set(problems.map((one) => one.message))].join('；') : message
}
function signOne(kernel: Kernel, ctx: Context, id: string, signature: string): Promise<string> {
  return kernel.transaction(ctx, async (tx) => {
    const form = await takePrepared(tx, id)
    const { resource } = form
    const [known] = await tx.db.query<{ id: string }>(`SELECT id FROM kernel.flow_instance WHERE id = $1::uuid`, [id])
    if (known) return known.id
    if (form.done_at) throw new Refusal('flowRefused', '这份申请已经提交', { refusal: 'alreadySubmitted' })
    const own = preparedBy(kernel, resource)
    if (own) kernel.access.needUse(tx.actor, own.right)
    const draft = preparedDraft(kernel, form)
    const complete = own ? await own.complete(kernel, tx, draft, form.for_person) : draft
    const signed = Object.fromEntries(kernel.resource(resource).fields.flatMap((f) => (f.field.kind === 'signature' ? [[f.key, signature]] : []))) // prettier-ignore
    const answer = await submit(kernel, tx, resource, { ...complete, ...signed }, {
      actId: id, signature, filledBy: form.by_person, ...(own ? { byModule: true } : {}),
    }) // prettier-ignore
    await donePrepared(tx, id, answer.record)
    return answer.instance
  })
}
