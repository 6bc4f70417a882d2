import { isUuid, Refusal, type ApiRecord, type LibraryFile, type LibraryItem, type LibraryPage, type LibraryState } from '#model'
import { libraryCategories, libraryForm, mostInLibrary } from '#kernel/model/library/index.ts'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import { loadRecord } from '../records/load.ts'
import { updateRecordOf } from '../records/write.ts'
import { likeText } from '../store/like.ts'

export interface LibraryQuestion {
  search?: string
  category?: string
  status?: string
  /** The last one of the page before. */
  before?: string
}
const columns = `f.id, f.name, f.purpose, f.category, f.hospital, f.form_version AS version, f.status, f.takings, coalesce(f.words, '') AS words, f.created_at AS at`

/** Forms of this installation's library, newest first; by the index on its state where `isShared`. */
export async function listForms(ctx: Context, { search, category, status, before }: LibraryQuestion, isShared: boolean): Promise<LibraryPage> {
  const text = typeof search === 'string' ? search.trim().slice(0, 100) : ''
  const { page } = mostInLibrary
  const rows = await ctx.db.query<LibraryItem & object>(
    `SELECT ${columns} FROM library.form f
     WHERE f.deleted_at IS NULL AND ($1::text IS NULL OR f.status = $1) AND ($2::text IS NULL OR f.category = $2) AND ($3::text IS NULL OR lower(f.name || ' ' || f.purpose || ' ' || f.hospital) LIKE $3)
       AND ($4::uuid IS NULL OR (f.created_at, f.id) < (SELECT created_at, id FROM library.form WHERE id = $4)) ORDER BY f.created_at DESC, f.id DESC LIMIT ${page + 1}`,
    [
      isShared ? 'shared' : typeof status === 'string' && status ? status : null,
      typeof category === 'string' && Object.hasOwn(libraryCategories, category) ? category : null,
      text ? `%${likeText(text)}%` : null,
      isUuid(before) ? before : null,
    ],
  )
  const shown = rows.slice(0, page)
  return { rows: shown, next: rows.length > page ? shown.at(-1)!.id : null }
} // prettier-ignore
export async function countPending(ctx: Context): Promise<number> {
  const [row] = await ctx.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM library.form WHERE status = 'pending' AND deleted_at IS NULL`,
  )
  return row!.n
}

/** One form with its definitions; others than shared ones only for whoever decides on them. */
export async function readForm(ctx: Context, id: string, isShared: boolean): Promise<LibraryFile> {
  const [row] = await ctx.db.query<LibraryItem & { file: unknown }>(
    `SELECT ${columns}, l.file FROM library.form f JOIN kernel.library_file l ON l.form = f.id WHERE f.id = $1::uuid AND f.deleted_at IS NULL AND ($2::bool IS FALSE OR f.status = 'shared')`,
    [id, isShared],
  )
  if (!row) throw gone()
  const { file, ...item } = row
  return { item, file }
}
const gone = () => new Refusal('notFound', '表单库中没有这个表单，或已下架')

/** Takes a shared form out of the library: counted, and noted who did. */
export async function takeForm(kernel: Kernel, ctx: Context, id: string): Promise<LibraryFile> {
  return kernel.transaction(ctx, async (tx) => {
    const stored = await needForm(kernel, tx, id)
    if (stored['status'] !== 'shared') throw gone()
    await writeForm(kernel, tx, stored, { takings: (stored['takings'] as number) + 1 }, 'library.take')
    return readForm(tx, id, true)
  })
}

/** What an implementer decides on a form of the library. Accepting one takes the place of the version before. */
export async function decideForm(kernel: Kernel, ctx: Context, id: string, to: 'shared' | 'refused' | 'withdrawn', words: string): Promise<LibraryItem> {
  return kernel.transaction(ctx, async (tx) => {
    const stored = await needForm(kernel, tx, id)
    const from: LibraryState = to === 'withdrawn' ? 'shared' : 'pending'
    if (stored['status'] !== from) throw new Refusal('flowRefused', from === 'pending' ? '这个表单不在待审中，可能已由他人处理' : '这个表单没有在共享')
    if (to !== 'shared' && !words) throw new Refusal('badRequest', to === 'refused' ? '请填写不采用的理由' : '请填写下架的理由')
    const takings = to === 'shared' ? await replaceBefore(kernel, tx, stored) : null
    const changes = { status: to, words, decidedAt: tx.clock.now().toISOString(), ...(takings === null ? {} : { takings }) }
    await writeForm(kernel, tx, stored, changes, decisions[to])
    return (await readForm(tx, id, false)).item
  })
} // prettier-ignore
const decisions = { shared: 'library.accept', refused: 'library.refuse', withdrawn: 'library.withdraw' } as const
/** Takes down the version that was shared so far; answers how often it was taken. */
async function replaceBefore(kernel: Kernel, tx: Context, stored: ApiRecord): Promise<number> {
  const [before] = await tx.db.query<{ id: string }>(
    `SELECT f.id FROM library.form f JOIN kernel.library_file l ON l.form = f.id JOIN kernel.library_file mine ON mine.form = $1::uuid AND mine.piece = l.piece AND mine.offerer IS NOT DISTINCT FROM l.offerer
     WHERE f.status = 'shared' AND f.deleted_at IS NULL`,
    [stored.id],
  )
  if (!before) return 0
  const old = await needForm(kernel, tx, before.id)
  await writeForm(kernel, tx, old, { status: 'withdrawn', words: `已由第 ${String(stored['formVersion'])} 版代替` }, 'library.withdraw')
  return old['takings'] as number
}

async function needForm(kernel: Kernel, tx: Context, id: string): Promise<ApiRecord> {
  const stored = await loadRecord(kernel, tx, kernel.resource(libraryForm.name), id, { lock: true })
  if (!stored) throw gone()
  return stored
}
async function writeForm(kernel: Kernel, tx: Context, stored: ApiRecord, changes: object, act: string): Promise<void> {
  await updateRecordOf(kernel, tx, libraryForm.name, stored.id, stored.version, { ...changes }, { byModule: true, system: true, act })
}
