import { isRowsPatch, Refusal, rowChanges, today, validateRecord, invalid, type ApiRecord, type ChangedField } from '#model'
import { type Context, personOf } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { checkReferences } from '../records/references.ts'
import { idsIn } from '../files/reading.ts'
import { loadRecord } from '../records/load.ts'
import { keepMasked } from '../records/difference.ts'
import { lockedKeys } from '../records/write-rights.ts'
import { maskedOf } from '../records/present.ts'
import { listRecords } from '../records/read.ts'
import { setDeleted } from '../records/deletion.ts'
import { updateRecordOf } from '../records/write.ts'
import { refuseClosed } from '../store/closing.ts'
import type { CompiledResource } from '../store/compiled.ts'
import { baseAfterEdit, composed, merged, patchToStore, readRowOperations, rowsOf } from './request-rows.ts'

export type Occasion = 'new' | 'change' | 'delete' | 'import'
type Values = Readonly<Record<string, unknown>>
/** A patch to an approved record, or its deletion, on its way through an approval. */
export interface ChangeRequest {
  id: string
  resource: string
  record: string
  group: string
  /** `import`: stands for a batch; its id is the batch's, its patch the first row, which all rows are like in what the flow reads. */
  occasion: 'change' | 'delete' | 'import'
  /** Of the patch: deciders may edit it, never the row. */
  version: number
  baseVersion: number
  /** What the touched fields held when the request was made, and what they are to hold. */
  base: Values
  patch: Values
  reason: string
  state: 'open' | 'approved' | 'refused' | 'withdrawn'
  applicant: string
  /** Of a request over many records: the request that stands for all of them. */
  batch: string | null
}
interface Stored {
  id: string
  resource: string
  record: string
  field_group: string
  occasion: ChangeRequest['occasion']
  version: number
  base_version: number
  base: Buffer
  patch: Buffer
  reason: string
  state: ChangeRequest['state']
  applicant: string
  batch: string | null
}
const table = 'kernel.change_request'

/** A patch, or what it starts from, as it is kept: sealed as a whole, for it may hold protected fields. */
export const sealPatch = (kernel: Kernel, request: string, what: 'base' | 'patch', value: Values): Buffer =>
  kernel.protector.seal({ resource: table, record: request, field: what }, JSON.stringify(value))
const open = (kernel: Kernel, request: string, what: 'base' | 'patch', value: Buffer): Values =>
  JSON.parse(kernel.protector.open({ resource: table, record: request, field: what }, value)) as Values

export async function loadRequest(kernel: Kernel, ctx: Pick<Context, 'db'>, id: string): Promise<ChangeRequest> {
  const [row] = await ctx.db.query<Stored>(`SELECT * FROM ${table} WHERE id = $1::uuid`, [id])
  if (!row) throw new Refusal('notFound')
  return requestOf(kernel, row)
}
/** The other records' requests of a batch, in the order they were asked for. */
export async function othersOf(kernel: Kernel, ctx: Pick<Context, 'db'>, { id, batch }: ChangeRequest): Promise<ChangeRequest[]> {
  if (!batch) return []
  const rows = await ctx.db.query<Stored>(`SELECT * FROM ${table} WHERE batch = $1::uuid AND id <> $2::uuid ORDER BY id`, [batch, id])
  return rows.map((row) => requestOf(kernel, row))
}
/** A page of the requests of a batch, in the order they were asked for. Relies on change_request_batch. */
export async function requestsOf(
  kernel: Kernel,
  ctx: Pick<Context, 'db'>,
  batch: string,
  { from, limit }: { from: number; limit: number },
): Promise<ChangeRequest[]> {
  const rows = await ctx.db.query<Stored>(`SELECT * FROM ${table} WHERE batch = $1::uuid ORDER BY id OFFSET $2 LIMIT $3`, [
    batch,
    from,
    limit,
  ])
  return rows.map((row) => requestOf(kernel, row))
}
function requestOf(kernel: Kernel, row: Stored): ChangeRequest {
  const { field_group: group, base_version: baseVersion, base, patch, ...rest } = row
  const named = (values: Values) => underNewNames(kernel.resource(rest.resource), values)
  return {
    ...rest,
    group,
    baseVersion,
    base: named(open(kernel, rest.id, 'base', base)),
    patch: named(open(kernel, rest.id, 'patch', patch)),
  }
}
/** A field that was renamed since the request was made is meant by its old name. */
const underNewNames = (c: CompiledResource, values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [c.byKey.has(key) ? key : (renamesOf(c)[key] ?? key), value]))
/** Fields that once had another name: old → new. */
export const renamesOf = (c: CompiledResource): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...c.rows.flatMap((rows) => rows.fields), ...c.rows, ...c.fields].flatMap(({ id, key }) => (id === key ? [] : [[id, key]])),
  )

/** The field groups that different offices decide on; what no group names belongs to the rest. */
export function groupOf(c: CompiledResource, key: string): string {
  return Object.entries(c.r.changes ?? {}).find(([, group]) => group.fields.includes(key))?.[0] ?? rest
}
export const rest = 'rest'
/** The groups that a patch touches. */
export const groupsOf = (c: CompiledResource, patch: Values): string[] => [...new Set(Object.keys(patch).map((key) => groupOf(c, key)))]

/** What an import is decided on in place of a single record: no row bears this id. */
export function standIn({ id, patch, version }: ChangeRequest): ApiRecord {
  const envelope = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null, deletedAt: null }
  return { ...envelope, ...patch, id, version, state: 'pending' }
}

/** The record as the request would leave it, under the version of the patch. */
export const patched = (stored: ApiRecord, request: ChangeRequest): ApiRecord => ({
  ...stored,
  ...wantedValues(stored, request),
  version: request.version,
})
/** The values that a request asks for, given what the record holds now. */
export const wantedValues = (stored: ApiRecord, { base, patch }: ChangeRequest): Values =>
  Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, merged(stored[key] ?? base[key], base[key], value)]))

/** What a request changes, as people read it: before, after, and what the record holds meanwhile where that is something else. Of a sub-table row by row. */
export function changedFields(c: CompiledResource, stored: ApiRecord, request: ChangeRequest): ChangedField[] {
  return Object.entries(request.patch).map(([field, value]) => {
    const was = request.base[field] ?? null
    const now = stored[field] ?? null
    const wanted = merged(now, was, value) ?? null
    const rows = isRowsPatch(value) ? rowChanges(rowsOf(was), value, rowsOf(now)) : undefined
    const isOther = rows ? rows.some((row) => 'now' in row) : !isSame(was, now) && !isSame(now, wanted)
    return { field, label: c.r.fields[field]?.label ?? field, was, wanted, ...(rows ? { rows } : {}), ...(isOther ? { now } : {}) }
  })
}
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** The values that really change; refuses what cannot stand in the record, as a direct write would. `files`: what the request already held. */
export async function judgePatch(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  changes: Values,
  readOnly: ReadonlySet<string>,
  { files = new Set(), system = false }: { files?: ReadonlySet<string>; system?: boolean } = {},
): Promise<Values> {
  const asked = readRowOperations(c, changes)
  const wanted = (key: string) => (key in asked ? merged(stored[key], stored[key], asked[key]) : (stored[key] ?? null))
  const whole: Record<string, unknown> = Object.fromEntries(Object.keys(c.r.fields).map((key) => [key, wanted(key)]))
  keepMasked(
    c,
    stored,
    whole,
    maskedOf(ctx, c, kernel.access.can(ctx.actor, 'read', c.r.name) ?? kernel.access.strictest(c.r.name), stored),
  )
  const patch = Object.fromEntries(Object.entries(asked).filter(([key]) => !isSame(stored[key], whole[key])))
  const locked = lockedKeys(c, readOnly, { system })
  const { values, problems } = validateRecord(c.r.fields, whole, {
    today: today(ctx.clock),
    changed: new Set(Object.keys(patch)),
    readOnly: locked,
    required: kernel.access.can(ctx.actor, 'update', c.r.name)?.required,
    ...(c.r.rules ? { rules: c.r.rules } : {}),
  })
  problems.push(...(await checkReferences(kernel, ctx, c, values, stored, { files, locked })))
  if (problems.length) throw invalid(problems)
  await refuseClosed(ctx, c, [stored, values])
  await needFreeKeys(kernel, ctx, c, stored.id, values, Object.keys(patch))
  return Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, patchToStore(stored[key], value, values[key] ?? null)]))
}
/** Unique keys are looked at now and hold again when the change is applied. */
export async function needFreeKeys(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  id: string,
  values: Values,
  touched: readonly string[],
): Promise<void> {
  for (const key of (c.r.unique ?? []).filter((fields) => fields.some((f) => touched.includes(f)))) {
    if (key.some((f) => values[f] === null || values[f] === undefined)) continue
    const filter = { and: key.map((field) => ({ field, op: 'eq' as const, value: values[field] as string })) }
    const system = { ...ctx, actor: { kind: 'system', reason: '变更申请' } as const }
    const { rows } = await listRecords(kernel, system, c.r.name, { filter, limit: 2 })
    if (rows.some((row) => row.id !== id && row.state !== 'refused'))
      throw invalid([{ field: key.at(-1)!, message: `已有相同的${key.map((f) => c.r.fields[f]?.label ?? f).join('＋')}` }])
  }
}

/** Stores a new request. A second one in the same field group is refused with the way to the first. */
export async function insertRequest(kernel: Kernel, ctx: Context, request: Omit<ChangeRequest, 'version' | 'state'>): Promise<void> {
  const [first] = await ctx.db.query<{ instance: string }>(
    `SELECT f.id AS instance FROM ${table} r JOIN kernel.flow_instance f ON f.request = coalesce(r.batch, r.id) WHERE r.record = $1::uuid AND r.state = 'open' AND (r.field_group = $2 OR r.occasion = 'delete' OR $3 = 'delete') LIMIT 1`,
    [request.record, request.group, request.occasion],
  )
  if (first)
    throw new Refusal('flowRefused', '该记录已有一份变更正在审批，请先看那一份', { refusal: 'changeOpen', instance: first.instance })
  await ctx.db.query(
    `INSERT INTO ${table} (id, resource, record, field_group, occasion, version, base_version, base, patch, reason, state, applicant, at, batch) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, 'open', $10, $11, $12)`,
    [request.id, request.resource, request.record, request.group, request.occasion, request.baseVersion, sealPatch(kernel, request.id, 'base', request.base), sealPatch(kernel, request.id, 'patch', request.patch), request.reason, request.applicant, ctx.clock.now().toISOString(), request.batch],
  ) // prettier-ignore
  await noteFiles(ctx, request)
}

/** The patch is sealed: which files it names stands beside it. */
async function noteFiles(ctx: Context, { id, patch }: Pick<ChangeRequest, 'id' | 'patch'>): Promise<void> {
  const ids = idsIn(patch)
  if (ids.length === 0) return
  await ctx.db.query(`INSERT INTO kernel.change_file (file, request) SELECT id, $2::uuid FROM kernel.file WHERE id = ANY($1::uuid[]) ON CONFLICT DO NOTHING`, [ids, id]) // prettier-ignore
}

/** Changes the patch, by the applicant after a return or by a decider under `mayEdit`; of a batch that of every record. */
export async function editRequest(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  request: ChangeRequest,
  changes: Values,
): Promise<ChangeRequest> {
  if (request.occasion === 'import')
    throw new Refusal('flowRefused', '导入的内容不能在审批中修改，请退回或拒绝，由申请人改好文件后重新导入')
  for (const other of await othersOf(kernel, ctx, request)) {
    const record = await loadRecord(kernel, ctx, c, other.record)
    if (record) await editOne(kernel, ctx, c, record, other, changes)
  }
  return editOne(kernel, ctx, c, stored, request, changes)
}
async function editOne(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  stored: ApiRecord,
  request: ChangeRequest,
  changes: Values,
): Promise<ChangeRequest> {
  const foreign = Object.keys(changes).filter((key) => groupOf(c, key) !== request.group)
  if (foreign.length) throw invalid(foreign.map((field) => ({ field, message: '此项由其他科室审批，请另外申请' })))
  const given = Object.entries(readRowOperations(c, changes)).map(([key, value]) => [key, composed(stored[key], request.base[key], request.patch[key], value)]) // prettier-ignore
  const patch = await judgePatch(
    kernel,
    ctx,
    c,
    stored,
    { ...request.patch, ...Object.fromEntries(given) },
    new Set(),
    // What a button asked for may stand; nobody types into it.
    { files: new Set(idsIn(request.patch)), system: Object.keys(changes).every((key) => !c.r.fields[key]?.readOnly) },
  )
  if (Object.keys(patch).length === 0) throw new Refusal('badRequest', '修改后与原记录没有不同，请撤回申请')
  const base = Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, baseAfterEdit(request.base[key], stored[key], value)]))
  const next = { ...request, patch, base, version: request.version + 1 }
  await ctx.db.query(`UPDATE ${table} SET patch = $2, base = $3, version = $4 WHERE id = $1::uuid`, [request.id, sealPatch(kernel, request.id, 'patch', patch), sealPatch(kernel, request.id, 'base', base), next.version]) // prettier-ignore
  await noteFiles(ctx, next)
  return next
}

/** Which fields, for whoever decides: their values stand in the approval, as far as he sees them. */
export const named = (conflicts: readonly ChangedField[]): Pick<ChangedField, 'field' | 'label'>[] => conflicts.map(({ field, label }) => ({ field, label })) // prettier-ignore

/** Makes an approved change real, of a batch that of every record: all of it or nothing. Fields that hold something else than when the request was made stop it, until somebody has seen and said which holds. */
export async function applyRequest(
  kernel: Kernel,
  ctx: Context,
  c: CompiledResource,
  request: ChangeRequest,
  seenBase: number | null,
): Promise<void> {
  const all: { request: ChangeRequest; stored: ApiRecord }[] = []
  // In the order of the records, so that two batches over the same ones wait for each other instead of both being stopped.
  for (const one of [request, ...(await othersOf(kernel, ctx, request))].toSorted((a, b) => (a.record < b.record ? -1 : 1))) {
    const stored = await loadRecord(kernel, ctx, c, one.record, { lock: true, deleted: true })
    if (!stored || stored.deletedAt) {
      const which = request.batch ? `“${String(stored?.[c.r.title] ?? '')}”` : '该记录'
      throw new Refusal('flowRefused', `${which}已被删除，变更无法生效，请拒绝或让申请人撤回`, {
        refusal: 'recordGone',
        record: one.record,
      })
    }
    all.push({ request: one, stored })
  }
  const conflicts = all.flatMap((one) => changedFields(c, one.stored, one.request).filter((field) => 'now' in field))
  const baseVersion = versionOfAll(all.map(({ stored }) => stored))
  if (conflicts.length && seenBase !== baseVersion) {
    const labels = [...new Set(conflicts.map((one) => `“${one.label}”`))]
    throw new Refusal('changeConflict', `申请之后，${labels.join('、')}已被改动，请核对后再定`, {
      conflicts: named(conflicts),
      baseVersion,
    })
  }
  for (const one of all) await makeReal(kernel, ctx, c, one.stored, one.request)
}
async function makeReal(kernel: Kernel, ctx: Context, c: CompiledResource, stored: ApiRecord, request: ChangeRequest): Promise<void> {
  const options = { byModule: true, files: new Set(idsIn(request.patch)), act: request.occasion === 'delete' ? 'delete' : 'change' }
  if (request.occasion === 'delete') await setDeleted(kernel, ctx, c.r.name, request.record, true, null, options)
  else await updateRecordOf(kernel, ctx, c.r.name, request.record, stored.version, wantedValues(stored, request), options)
}
/** One number for what many records hold: every change of any of them raises it. */
export const versionOfAll = (records: readonly ApiRecord[]): number => records.reduce((sum, { version }) => sum + version, 0)
/** Closes a request, of a batch that of every record. */
/** Ends a request, with all that it stands for; one event says so. */
export async function endRequest(ctx: Context, id: string, state: Exclude<ChangeRequest['state'], 'open'>): Promise<void> {
  await ctx.db.query(
    `WITH ended AS (UPDATE ${table} SET state = $2, ended_at = $3::timestamptz WHERE id = $1::uuid OR batch = $1::uuid)
     INSERT INTO kernel.outbox (at, topic, record, payload) VALUES ($3::timestamptz, 'request.ended', $1::uuid, jsonb_build_object('state', $2::text))`,
    [id, state, ctx.clock.now().toISOString()],
  )
}
/** Who asks; nobody may change a record in somebody else's name. */
export function needApplicant(ctx: Context): string {
  const applicant = personOf(ctx.actor)
  if (!applicant) throw new Refusal('noRight')
  return applicant
}
