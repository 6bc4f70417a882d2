import { invalid, Refusal, type ApiRecord, type LibraryItem, type OfferPreview } from '#model'
import { isSame, kindOfDesign } from '#kernel/model/designs/index.ts'
import { libraryForm, mostInLibrary } from '#kernel/model/library/index.ts'
import type { Context } from '../context.ts'
import { allDesigns, type DesignRow } from '../designs/drafts.ts'
import { readFile, type DesignFile } from '../designs/files.ts'
import type { Kernel } from '../kernel.ts'
import { createRecord } from '../records/write.ts'
import { currentSettings } from '../settings.ts'
import { decideForm, readForm } from './forms.ts'
import { leaveOut } from './leave-out.ts'

/** What is said of a form that is offered. */
export interface OfferWords {
  name: unknown
  purpose: unknown
  category: unknown
}

/** As they come from outside; whether they are right is judged with the record. */
export function readWords(given: Readonly<Record<string, unknown>>): OfferWords {
  const trimmed = (one: unknown) => (typeof one === 'string' ? one.trim() : one)
  return { name: trimmed(given['name']), purpose: trimmed(given['purpose']), category: given['category'] }
}

/** What stands with the piece of this name: what it needs, what needs it; of each what does not go along. The piece itself is the first. */
export async function previewOffer(kernel: Kernel, ctx: Context, name: string): Promise<OfferPreview> {
  const rows = (await allDesigns(ctx)).filter(({ content }) => content !== null)
  const root = rows.find((one) => one.name === name)
  if (!root) throw new Refusal('notFound', '没有生效的定义')
  const needed = closureOf(rows, root)
  const users = rows.filter((one) => !needed.includes(one) && isNamedIn(one, root.name))
  return {
    pieces: [...needed, ...users].map((row) => ({
      kind: row.kind,
      name: row.name,
      label: kindOfDesign(row.kind).label(kernel.defs, row.name, row.content),
      isNeeded: needed.includes(row),
      leftOut: leaveOut(kernel.defs, row).leftOut,
    })),
  }
}
const isNamedIn = ({ content }: DesignRow, name: string): boolean => JSON.stringify(content).includes(`"${name}"`)
function closureOf(rows: readonly DesignRow[], root: DesignRow): DesignRow[] {
  const found = [root]
  for (const one of found) found.push(...rows.filter((other) => !found.includes(other) && other.name.startsWith('custom.') && isNamedIn(one, other.name)))
  return found
} // prettier-ignore

/** The file that is given away: these pieces as they are in force, without what is only of this hospital. */
export async function fileToOffer(kernel: Kernel, ctx: Context, names: readonly string[]): Promise<DesignFile> {
  const rows = await allDesigns(ctx)
  const pieces = names.map((name) => {
    const row = rows.find((one) => one.name === name && one.content !== null)
    if (!row) throw new Refusal('notFound', '没有生效的定义')
    const { content, leftOut } = leaveOut(kernel.defs, row)
    const label = kindOfDesign(row.kind).label(kernel.defs, name, row.content)
    if (content === null) throw invalid([{ field: 'names', message: `“${label}”${leftOut.join('；')}` }])
    return { kind: row.kind, name, label, content }
  })
  if (pieces.length === 0) throw new Refusal('badRequest', '请选择要共享的定义')
  return { xinglin: 'designs', format: 1, at: ctx.clock.now().toISOString(), pieces }
}

/** Puts a form into this installation's library: a program's waits to be looked at, the hospital's own is shared at once. The first piece is what its versions go by. */
export async function offerForm(kernel: Kernel, ctx: Context, words: OfferWords, given: unknown): Promise<LibraryItem> {
  const file = readFile(given)
  const [root] = file.pieces
  if (!root) throw invalid([{ field: 'file', message: '文件中没有定义' }])
  if (Buffer.byteLength(JSON.stringify(file)) > mostInLibrary.bytes) throw new Refusal('tooLarge', '表单的定义超过 1 MB，不能共享')
  const offerer = ctx.actor.kind === 'client' ? ctx.actor.client : null
  const hospital = ctx.actor.kind === 'client' ? ctx.actor.name : (await currentSettings(kernel, ctx.db)).hospitalName
  return kernel.transaction(ctx, async (tx) => {
    // Two offers of one hospital at once: the second sees the first.
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('library ' || coalesce($1, ''), 7014))`, [offerer])
    if (offerer) await refuseTooMany(tx, offerer)
    const version = await nextVersion(tx, offerer, root.name, file)
    const draft = { name: words.name, purpose: words.purpose, category: words.category, hospital: hospital.slice(0, 60), formVersion: version, status: 'pending' }
    const { record } = await createRecord(kernel, tx, libraryForm.name, draft, { byModule: true, system: true, act: 'library.offer' })
    await keepFile(tx, record, { offerer, piece: root.name, file })
    // Who offers for the hospital itself is who decides.
    return offerer ? (await readForm(tx, record.id, false)).item : decideForm(kernel, tx, record.id, 'shared', '')
  })
} // prettier-ignore
async function keepFile(tx: Context, record: ApiRecord, { offerer, piece, file }: { offerer: string | null; piece: string; file: DesignFile }): Promise<void> {
  await tx.db.query(`INSERT INTO kernel.library_file (form, offerer, piece, file, at) VALUES ($1::uuid, $2::uuid, $3, $4::json, $5)`, [
    record.id, offerer, piece, JSON.stringify(file), tx.clock.now().toISOString(),
  ])
} // prettier-ignore
async function refuseTooMany(tx: Context, offerer: string): Promise<void> {
  const since = new Date(tx.clock.now().getTime() - 86_400_000).toISOString()
  const [row] = await tx.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM kernel.library_file WHERE offerer = $1::uuid AND at > $2`,
    [offerer, since],
  )
  if (row!.n >= mostInLibrary.offersADay)
    throw new Refusal('tooManyRequests', `一天最多提供 ${mostInLibrary.offersADay} 个表单，请明天再试`)
}
/** One more than the last; refuses what is there already as it is. */
async function nextVersion(tx: Context, offerer: string | null, piece: string, file: DesignFile): Promise<number> {
  const [last] = await tx.db.query<{ version: number; status: string; file: DesignFile }>(
    `SELECT f.form_version AS version, f.status, l.file FROM kernel.library_file l JOIN library.form f ON f.id = l.form
     WHERE l.piece = $1 AND l.offerer IS NOT DISTINCT FROM $2::uuid ORDER BY f.form_version DESC LIMIT 1`,
    [piece, offerer],
  )
  if (last && ['pending', 'shared'].includes(last.status) && isSame(last.file.pieces, file.pieces))
    throw new Refusal('duplicate', '表单库中已有这一版，内容没有变化')
  return (last?.version ?? 0) + 1
}
