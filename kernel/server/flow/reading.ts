import {
  columnKeys,
  protectedKeys,
  Refusal,
  type ApiRecord,
  type ApprovalAnswer,
  type ChangedField,
  type Field,
  type ImportRowsAnswer,
  type RowValues,
} from '#model'
import { choicesOf, describePath, findHandled, isShown, planOf } from '#kernel/model/flow/index.ts'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { clientResource } from '../access/client-resource.ts'
import type { Permission } from '../access/access.ts'
import { maskCells, maskedOf, present } from '../records/present.ts'
import { reaches } from '../records/rights-over.ts'
import { titlesOf } from '../records/titles.ts'
import { currentSettings, fillLabel } from '../settings.ts'
import { mask, type CompiledResource } from '../store/compiled.ts'
import { admissionsOf } from './admission.ts'
import { chainOf } from './chain.ts'
import { readBatch } from './change-many.ts'
import { withoutCells, withoutColumns } from './without-columns.ts'
import { changedFields, groupOf } from './change-requests.ts'
import { flowEnvironment } from './environment.ts'
import { importRows, type ImportPage } from './import-rows.ts'
import { type Instance, instancesOf, loadInstance } from './instances.ts'
import { limitsFor } from './limits.ts'
import { named } from './preview.ts'
import { minutesStep, myActs, myTask } from './my-acts.ts'
import { covers, rulesOfDeputy, type StandIn } from './stand-ins.ts'
import { loadSubject, type Subject } from './subject.ts'
import { toChoose } from './to-choose.ts'
import { approvalWords } from './words.ts'

interface Looking {
  instance: Instance
  subject: Subject
  env: Awaited<ReturnType<typeof flowEnvironment>>
  /** By which rules the reader stands in for somebody here. */
  rules: readonly StandIn[]
}
/** May this person look at this approval (`asParty`: not for the sake of repairing it): a party to it, somebody with a task, a question or a copy in it, who repairs it, or a reader of the record (semantics 15). */
async function mayLook(kernel: Kernel, ctx: Context, { instance, subject, env, rules }: Looking, asParty: boolean): Promise<boolean> {
  const me = personOf(ctx.actor)
  const { state } = instance
  if (me) {
    const mine = new Set([me, ...rules.map((rule) => rule.person)])
    if (state.applicant === me || state.filledBy === me || minutesStep(instance, env, me) || (!asParty && env.isAdministrator?.(me)))
      return true
    if (state.tasks.some((t) => mine.has(t.person)) || state.entries.some((e) => e.pool?.includes(me))) return true
    if (state.consultations.some((one) => one.person === me) || me in state.copies) return true
  }
  const read = kernel.access.can(ctx.actor, 'read', subject.c.r.name)
  // What stands for a whole import is like its first row: only who may read every row may look.
  if (instance.occasion === 'import') return read !== null && read.filter === null
  return read !== null && (await reaches(kernel, ctx, subject.c, read.filter, subject.stored))
}
/** Whose right to read is only his task's sees no protected field plainly. */
const byTask = (c: CompiledResource): Permission => ({
  filter: null,
  hidden: new Set(),
  masked: new Set(protectedKeys(c.r.fields)),
  openable: new Set(),
  readOnly: new Set(),
})

async function lookAt(kernel: Kernel, ctx: Context, id: string, asParty = false): Promise<Looking> {
  const instance = await loadInstance(kernel, ctx.db, id)
  const subject = await loadSubject(kernel, ctx, instance, { deleted: true })
  const { state } = instance
  const me = personOf(ctx.actor)
  // Nobody decides his own request in another's name.
  const rules = me && me !== state.applicant ? (await rulesOfDeputy(ctx, me)).filter((rule) => covers(rule, state.flow)) : []
  const env = await flowEnvironment(kernel, ctx, subject, state.applicant, { items: Object.keys(state.items) })
  const looking = { instance, subject, env, rules }
  if (!(await mayLook(kernel, ctx, looking, asParty))) throw new Refusal('notFound')
  return looking
}
/** May this person look at an approval? `asParty`: not only for the sake of repairing it. */
export const maySee = (kernel: Kernel, ctx: Context, id: string, asParty = false): Promise<boolean> =>
  lookAt(kernel, ctx, id, asParty).then(
    () => true,
    (error: unknown) => (error instanceof Refusal ? false : Promise.reject(error as Error)),
  )
/** At one of these? */
export async function maySeeOneOf(kernel: Kernel, ctx: Context, instances: readonly string[], asParty = false): Promise<boolean> {
  for (const id of instances) if (await maySee(kernel, ctx, id, asParty)) return true
  return false
}

/** Everything about one approval that its reader may see and do. */
export async function readApproval(kernel: Kernel, ctx: Context, id: string): Promise<ApprovalAnswer> {
  const { instance, subject, env, rules } = await lookAt(kernel, ctx, id)
  const { c, request } = subject
  const { state } = instance
  const me = personOf(ctx.actor)
  const settings = await currentSettings(kernel, ctx.db)
  const fill = (text: string) => fillLabel(text, settings)
  const task = myTask(ctx, instance, me, rules, fill)
  const shown = shownRecord(kernel, ctx, instance, subject, task?.step ?? null)
  const all = await instancesOf(kernel, ctx.db, instance.record)
  const minutes = minutesStep(instance, env, me)
  const name = (person: string) => ctx.directory.nameOf(person)
  const { chain, asked } = await chainOf(ctx, instance, fill)
  const hidden = hiddenAt(instance, c, task?.step ?? null)
  const asSeen = changesAsSeen(kernel, ctx, subject, shown, hidden)
  const batch = await readBatch(kernel, ctx, subject, asSeen)
  return {
    instance: id,
    number: state.number,
    label: fill(instance.definition.label),
    title: (await approvalWords(kernel, ctx, subject, state, instance)).title,
    status: state.status,
    resource: instance.resource,
    definition: kernel.access.can(ctx.actor, 'read', c.r.name) ? null : clientResource(kernel, ctx.actor, c.r, byTask(c)),
    record: shown,
    titles: await titlesOf(kernel, ctx, c, request ? [shown, ...asRecords(subject, shown)] : [shown], []),
    applicant: { id: state.applicant, name: name(state.applicant), unitName: ctx.directory.unitName(ctx.directory.people.get(state.applicant)?.unit ?? null) },
    filledBy: state.filledBy ? { id: state.filledBy, name: name(state.filledBy) } : null,
    path: named(ctx, describePath(instance.definition, state, env), fill, await limitsFor(kernel, ctx, subject, state.applicant)),
    items: linesOf(instance),
    itemsKey: request ? null : (c.r.items ?? null),
    hiddenColumns: columnKeys(c.r.fields).filter((path) => hidden.has(path)),
    narrow: narrowChoices(c, instance),
    related: all.filter((i) => i.id !== id && i.request === instance.request).map((i) => ({ instance: i.id, number: i.state.number, status: i.state.status })),
    occasion: instance.occasion,
    reason: request?.reason ?? '',
    version: subject.shown.version,
    admissions: await admissionsOf(kernel, ctx, instance, subject),
    chain,
    changes: request && instance.occasion !== 'import' ? asSeen(changedFields(c, subject.stored, request)) : [],
    ...batch,
    consultations: state.consultations.map((one) => ({ id: one.id, by: name(one.by), person: name(one.person), question: one.question, at: one.at, reply: one.reply ?? null, repliedAt: one.repliedAt ?? null, ...asked.get(one.id)! })),
    copies: Object.entries(state.copies).map(([person, copy]) => ({ person: name(person), by: name(copy.by), at: copy.at, readAt: copy.readAt ?? null })),
    my: {
      task: task && { ...task, choose: toChoose(ctx, choicesOf(planOf(instance.definition), env, task.step, state.applicant), state.applicant, fill) },
      acts: { ...myActs(ctx, instance, env, me, fill), mend: mendable(kernel, ctx, instance, subject) },
      minutes: minutes && { step: minutes.step.id, label: fill(minutes.step.label), members: minutes.members.map((m) => ({ id: m, name: name(m), chair: m === minutes.chair })) },
    },
  } // prettier-ignore
}
/** A page of the rows that an import under approval brings, under the reader's rights. */
export async function readImportRows(kernel: Kernel, ctx: Context, id: string, page: ImportPage): Promise<ImportRowsAnswer> {
  const { instance, subject, rules } = await lookAt(kernel, ctx, id)
  if (instance.occasion !== 'import') throw new Refusal('notFound')
  const { c } = subject
  const own = permissionOf(kernel, ctx, c)
  const task = myTask(ctx, instance, personOf(ctx.actor), rules, (text) => text)
  const hidden = hiddenAt(instance, c, task?.step ?? null)
  return importRows(kernel, ctx, c, {
    batch: subject.request!.id,
    permission: { ...own, hidden: new Set([...own.hidden, ...hidden]) },
    page,
  })
}
/** Before and after of the fields that are shown; of a protected one the reader sees no more here than in the record. */
function changesAsSeen(
  kernel: Kernel,
  ctx: Context,
  { c, stored }: Subject,
  shown: ApiRecord,
  hidden: ReadonlySet<string>,
): (changes: readonly ChangedField[]) => ChangedField[] {
  const masked = maskedOf(ctx, c, permissionOf(kernel, ctx, c), stored)
  return (changes) => changes.filter(({ field }) => field in shown).map((one) => changeAsSeen(c, masked, withoutColumns(one, hidden)))
}
function changeAsSeen(c: CompiledResource, masked: ReadonlySet<string>, one: ChangedField): ChangedField {
  const isWhole = masked.has(one.field)
  if (!isWhole && !c.rows.some(({ key }) => key === one.field)) return one
  const part = (value: unknown) => (isWhole ? (value === null || value === undefined ? value : mask(c.r.fields[one.field]!, value)) : maskCells(c, one.field, value, masked))
  const row = (values: RowValues | null) => values && (part([values]) as RowValues[])[0]!
  // Of a sub-table that is masked as a whole no row is told.
  const rows = isWhole ? undefined : one.rows?.map((change) => ({ ...change, was: row(change.was), wanted: row(change.wanted), ...('now' in change ? { now: row(change.now ?? null) } : {}) }))
  const { rows: _, ...rest } = one
  return { ...rest, was: part(one.was), wanted: part(one.wanted), ...('now' in one ? { now: part(one.now) } : {}), ...(rows ? { rows } : {}) }
} // prettier-ignore
/** What the applicant may mend in a change request that came back to him. A request over many is mended in what it changes, the same in all of them. */
function mendable(kernel: Kernel, ctx: Context, { state }: Instance, { c, request }: Subject): readonly string[] | null {
  if (!request || request.occasion !== 'change' || state.status !== 'returned' || state.applicant !== personOf(ctx.actor)) return null
  if (request.batch) return Object.keys(request.patch)
  const write = kernel.access.can(ctx.actor, 'update', c.r.name)
  return Object.entries(c.r.fields).flatMap(([key, field]) =>
    field.readOnly || write?.readOnly.has(key) || groupOf(c, key) !== request.group ? [] : [key],
  )
}
const permissionOf = (kernel: Kernel, ctx: Context, c: CompiledResource): Permission =>
  kernel.access.can(ctx.actor, 'read', c.r.name) ?? byTask(c)
/** What a change request held before and what the record holds meanwhile, so that all of it is named; of the fields that are shown. */
function asRecords({ stored, request }: Subject, shown: ApiRecord): ApiRecord[] {
  const touched = Object.keys(request?.patch ?? {}).filter((key) => key in shown)
  return [request?.base ?? {}, stored].map((values) => ({ ...shown, ...Object.fromEntries(touched.map((key) => [key, values[key]])) }))
}
/** The record under the reader's rights and those of his step: a step may hide more, never show more. */
function shownRecord(kernel: Kernel, ctx: Context, instance: Instance, { c, shown }: Subject, step: string | null): ApiRecord {
  const permission = permissionOf(kernel, ctx, c)
  const record = present(ctx, c, permission, { ...shown })
  const lines = linesOf(instance)
  if (c.r.items && !instance.request)
    record[c.r.items] = ((record[c.r.items] ?? []) as { id: string }[]).filter((row) => Object.hasOwn(lines, row.id))
  const hidden = hiddenAt(instance, c, step)
  for (const key of Object.keys(c.r.fields)) if (hidden.has(key)) delete record[key]
  for (const { key } of c.rows) if (key in record) record[key] = withoutCells(key, record[key], hidden)
  return record
}
/** The fields, and the columns of sub-tables, that a step does not put before its people. */
function hiddenAt({ definition }: Instance, { r }: CompiledResource, step: string | null): ReadonlySet<string> {
  const rules = step ? findHandled(planOf(definition), step) : undefined
  return new Set(rules ? [...Object.keys(r.fields), ...columnKeys(r.fields)].filter((path) => !isShown(rules, path)) : [])
}
const linesOf = ({ state }: Instance) => Object.fromEntries(Object.entries(state.items).filter(([key, line]) => key !== '*' && !line.splitTo)) // prettier-ignore
function narrowChoices(c: CompiledResource, instance: Instance): { key: string; label: string }[] {
  const rows = c.rows.find((r) => r.key === c.r.items)
  const field = rows?.fields.find((f) => f.key === instance.definition.items?.narrow)?.field as Field<'choice'> | undefined
  return Object.entries(field?.options.choices ?? {}).map(([key, spec]) => ({ key, label: typeof spec === 'string' ? spec : spec.label }))
}
