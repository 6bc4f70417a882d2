import { kindOf, Refusal } from '#model'
import { grantedTypes } from '../access/record-grants.ts'
import { personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { getRecord } from '../records/read.ts'
import type { CompiledResource, StoredField } from '../store/compiled.ts'

/** Every id that stands somewhere in these values, files' among them. */
export const idsIn = (values: unknown): string[] => [
  ...new Set(JSON.stringify(values ?? null).match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []),
]

/**
 * A file may be read by its uploader, and by whoever may read a record that holds it, look at an approval that shows it or in which it was
 * said, or has a form before him in which it was filled in for him.
 */
export async function mayReadFile(kernel: Kernel, ctx: Context, file: { id: string; createdBy: string | null }): Promise<boolean> {
  const me = personOf(ctx.actor)
  if (file.createdBy !== null && file.createdBy === me) return true
  const holders = await recordsWith(kernel, ctx, file.id)
  const given = await grantedTypes(ctx)
  for (const { c, record } of holders)
    if (kernel.access.can(ctx.actor, 'read', c.r.name) || given.has(c.r.name))
      // Readable in one of the fields that he sees: a hidden one does not count.
      if (await getRecord(kernel, ctx, c.r.name, record).then((answer) => names(fileFieldsOf(c).map((key) => answer.record[key]), file.id), refused)) return true // prettier-ignore
  for (const service of kernel.services)
    if (await service.showsFile?.(kernel, ctx, file.id, holders.map(({ record }) => record))) return true // prettier-ignore
  return false
}
/** Does this file stand somewhere in these values? */
export const names = (values: unknown, file: string): boolean => JSON.stringify(values ?? null).includes(file)
/** What a refusal answers where only yes or no is asked. */
export const refused = (error: unknown): false => {
  if (error instanceof Refusal) return false
  throw error
}

const holdsFiles = ({ field }: StoredField): boolean => kindOf(field).holdsFiles !== undefined
/** The keys under which a record of this type shows files, sub-tables included. */
const fileFieldsOf = (c: CompiledResource): string[] => [
  ...c.fields.filter(holdsFiles).map(({ key }) => key),
  ...c.rows.filter((rows) => rows.fields.some(holdsFiles)).map(({ key }) => key),
]
interface Holding {
  /** The record's id among what is selected from. */
  id: string
  table: string
  fields: StoredField[]
}
/** Where files stand in this type's tables. */
export const placesOfFiles = (c: CompiledResource): Holding[] =>
  [{ id: 'id', table: c.table, fields: c.fields }, ...c.rows.map(({ table, fields }) => ({ id: 'parent', table, fields }))].flatMap(
    (one) => {
      const fields = one.fields.filter((f) => holdsFiles(f) && !f.secret)
      return fields.length ? [{ ...one, fields }] : []
    },
  )

/** Some records that hold this file, whoever may read them. */
async function recordsWith(kernel: Kernel, ctx: Context, file: string): Promise<{ c: CompiledResource; record: string }[]> {
  const found: { c: CompiledResource; record: string }[] = []
  for (const c of [...kernel.defs.resources.keys()].map((name) => kernel.resource(name)))
    for (const { id, table, fields } of placesOfFiles(c)) {
      const condition = fields.map((f) => (f.many ? `"${f.column}" @> ARRAY[$1::uuid]` : `"${f.column}" = $1::uuid`)).join(' OR ')
      const rows = await ctx.db.query<{ id: string }>(`SELECT ${id} AS id FROM ${table} WHERE ${condition} LIMIT 5`, [file])
      found.push(...rows.map((row) => ({ c, record: row.id })))
    }
  return found
}
interface Known {
  id: string
  name: string
  type: string
  bytes: number
  createdBy: string | null
}
/** Those of these ids that are files which the actor may put somewhere: his own, what he may read where it stands, and what an earlier act has proved. The program itself may put any. */
export async function filesToPut(
  kernel: Kernel,
  ctx: Context,
  ids: readonly string[],
  proved: ReadonlySet<string> = new Set(),
): Promise<Map<string, Known>> {
  // Taken up again before it is looked for: what was about to be removed stays, or is seen to be gone.
  await ctx.db.query(`UPDATE kernel.file SET orphan_since = NULL WHERE id = ANY($1::uuid[]) AND orphan_since IS NOT NULL`, [ids])
  const files = await ctx.db.query<Known & object>(
    `SELECT id, name, type, bytes::float8 AS bytes, created_by AS "createdBy" FROM kernel.file WHERE id = ANY($1::uuid[])`,
    [ids],
  )
  const may = new Map<string, Known>()
  for (const file of files)
    if (ctx.actor.kind === 'system' || proved.has(file.id) || (await mayReadFile(kernel, ctx, file))) may.set(file.id, file)
  return may
}
/** Refuses values that name a file which the actor may not put anywhere. */
export async function needOwnFiles(kernel: Kernel, ctx: Context, values: unknown): Promise<void> {
  const ids = idsIn(values)
  const known = await ctx.db.query<{ id: string }>(`SELECT id FROM kernel.file WHERE id = ANY($1::uuid[])`, [ids])
  const may = await filesToPut(kernel, ctx, known.map(({ id }) => id)) // prettier-ignore
  if (known.some(({ id }) => !may.has(id))) throw new Refusal('invalid', '有附件不存在，请重新上传')
}
