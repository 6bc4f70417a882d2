import { randomBytes } from 'node:crypto'
import {
  invalid,
  isUuid,
  Refusal,
  today,
  validateRecord,
  type LibraryConnection,
  type LibraryFile,
  type LibraryItem,
  type LibraryPage,
} from '#model'
import { isObject } from '#kernel/model/designs/index.ts'
import { libraryCategories, libraryForm, mostInLibrary } from '#kernel/model/library/index.ts'
import { signedHeaders } from '../access/clients/signature.ts'
import { audit } from '../audit/audit.ts'
import { personOf, type Context } from '../context.ts'
import { readFile, type DesignFile } from '../designs/files.ts'
import { jsonProblem } from '../http/strict-json.ts'
import type { Kernel } from '../kernel.ts'
import type { OutgoingAnswer } from '../outgoing.ts'
import type { LibraryQuestion } from './forms.ts'
import type { OfferWords } from './offering.ts'

const patienceMs = 10_000
/** Of a form's definitions and what is said beside them. */
const mostBytes = 2 * mostInLibrary.bytes
const place = { resource: 'kernel.library_connection', record: 'one', field: 'secret' }

interface Row {
  url: string
  key: string
  secret: Buffer
  at: string
  by: string | null
}
const load = async (ctx: Context): Promise<Row | null> =>
  (await ctx.db.query<Row & object>(`SELECT url, key, secret, at, by FROM kernel.library_connection`))[0] ?? null

/** The library that this installation asks; null: none. */
export async function connection(ctx: Context): Promise<LibraryConnection | null> {
  const row = await load(ctx)
  return row && { url: row.url, key: row.key, at: row.at, by: ctx.directory.nameOf(row.by) }
}
/** Connects with a library, once it has answered under this key. An empty secret keeps the one that is there, for the same address only. */
export async function connect(kernel: Kernel, ctx: Context, given: { url: unknown; key: unknown; secret: unknown }): Promise<LibraryConnection> {
  const [url, key, secret] = [given.url, given.key, given.secret].map((one) => (typeof one === 'string' ? one.trim() : '')) as [string, string, string]
  const known = await load(ctx)
  const address = url.replace(/\/+$/, '')
  const sealed = secret ? kernel.protector.seal(place, secret) : known?.url === address ? known.secret : null
  const wrong = URL.canParse(url) && (new URL(url).search || new URL(url).hash) ? '地址不对，应为 https://主机/路径' : url.length > 300 ? '地址过长' : kernel.outgoing.problemOf(url)
  const problems = [
    ...(wrong ? [{ field: 'url', message: url ? wrong : '请填写表单库的地址' }] : []),
    ...(/^ak_\w{1,60}$/.test(key) ? [] : [{ field: 'key', message: '请填写密钥编号，以 ak_ 开头' }]),
    ...(sealed && secret.length <= 200 ? [] : [{ field: 'secret', message: '请填写密钥' }]),
  ]
  if (problems.length) throw invalid(problems)
  const row: Row = { url: address, key, secret: sealed!, at: ctx.clock.now().toISOString(), by: personOf(ctx.actor) }
  readPage(await ask(kernel, row, 'GET', '/api/library-api/forms'))
  await kernel.transaction(ctx, async (tx) => {
    await tx.db.query(
      `INSERT INTO kernel.library_connection (url, key, secret, at, by) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (one) DO UPDATE SET url = excluded.url, key = excluded.key, secret = excluded.secret, at = excluded.at, by = excluded.by`,
      [row.url, row.key, row.secret, row.at, row.by],
    )
    await audit(tx, { act: 'library.connect', outcome: 'done', detail: { url: row.url, key } })
  })
  return (await connection(ctx))!
} // prettier-ignore
/** Asks no library any more. */
export async function disconnect(kernel: Kernel, ctx: Context): Promise<void> {
  await kernel.transaction(ctx, async (tx) => {
    const [row] = await tx.db.query<{ url: string }>(`DELETE FROM kernel.library_connection RETURNING url`)
    if (row) await audit(tx, { act: 'library.disconnect', outcome: 'done', detail: { url: row.url } })
  })
}

/** What the other library shares. */
export async function listOther(kernel: Kernel, ctx: Context, { search, category, before }: LibraryQuestion): Promise<LibraryPage> {
  const query = new URLSearchParams(Object.entries({ search, category, before }).filter((one): one is [string, string] => typeof one[1] === 'string' && one[1] !== ''))
  return readPage(await ask(kernel, await need(ctx), 'GET', `/api/library-api/forms${query.size ? `?${query.toString()}` : ''}`))
} // prettier-ignore
/** One form of it, looked at or taken: its file is read like one that somebody uploads. */
export async function readOther(
  kernel: Kernel,
  ctx: Context,
  id: string,
  does: 'look' | 'take',
): Promise<LibraryFile & { file: DesignFile }> {
  const path = `/api/library-api/forms/${id}`
  const row = await need(ctx)
  const answer = does === 'take' ? await ask(kernel, row, 'POST', `${path}/take`, {}) : await ask(kernel, row, 'GET', path)
  const { item, file } = isObject(answer) ? answer : {}
  return { item: readItem(item), file: readGiven(file) }
}
function readGiven(file: unknown): DesignFile {
  try {
    return readFile(file)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const problems = (error.detail['problems'] as { message: string }[] | undefined) ?? []
    throw new Refusal('otherFailed', `这个表单不能取用：${problems[0]?.message ?? error.message}`)
  }
}
/** Offers a form to it. What is wrong with the words is found here, where it stands at its place. */
export async function sendOffer(kernel: Kernel, ctx: Context, words: OfferWords, file: DesignFile): Promise<LibraryItem> {
  const { name, purpose, category } = libraryForm.fields
  const { problems } = validateRecord({ name, purpose, category }, { ...words }, { today: today(ctx.clock) })
  if (problems.length) throw invalid(problems)
  const item = readItem(await ask(kernel, await need(ctx), 'POST', '/api/library-api/offers', { ...words, file }))
  await audit(ctx, { act: 'library.send', outcome: 'done', detail: { name: item.name, pieces: file.pieces.map(({ kind, name, label }) => ({ kind, name, label })) } })
  return item
} // prettier-ignore
async function need(ctx: Context): Promise<Row> {
  const row = await load(ctx)
  if (!row) throw new Refusal('notFound', '还没有连接其他医院的表单库')
  return row
}

/** Asks under our signature; what is wrong with the answer is said in words of our own, and in those of the other side where it refuses. */
async function ask(kernel: Kernel, { url, key, secret }: Row, method: 'GET' | 'POST', path: string, content?: object): Promise<unknown> {
  const address = new URL(`${url}${path}`)
  const body = content && JSON.stringify(content)
  const signed = signedHeaders({
    key,
    secret: kernel.protector.open(place, secret),
    method,
    target: `${address.pathname}${address.search}`,
    nonce: randomBytes(12).toString('hex'),
    at: kernel.clock.now(),
    ...(body ? { body } : {}),
  })
  const answer = await kernel.outgoing
    .ask(address.href, { method, headers: { ...signed, ...(body ? { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) } : {}) }, ...(body ? { body } : {}), patienceMs, mostBytes })
    .catch((error: unknown) => {
      throw new Refusal('otherFailed', `连不上表单库：${reasonOf(error)}`)
    })
  return contentOf(answer)
} // prettier-ignore
/** Nothing of a broken line but what we said ourselves: codes of the network tell nobody anything. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : ''
  return /\p{sc=Han}/u.test(said) ? said : '对方没有应答，请核对地址或稍后再试'
}
function contentOf({ status, text }: OutgoingAnswer): unknown {
  const content = jsonProblem(text) === null ? parsed(text) : undefined
  const said = isObject(content) && typeof content['title'] === 'string' ? content['title'].replace(/\p{Cc}/gu, ' ').slice(0, 200) : ''
  if (status === 401) throw new Refusal('otherFailed', `表单库不认这把密钥${said && `：${said}`}`)
  if (status === 403) throw new Refusal('otherFailed', `表单库没有给本院这项权限${said && `：${said}`}`)
  if (status >= 300 && status < 400) throw new Refusal('otherFailed', '表单库要转到别的地址，没有跟随；请核对地址')
  if (status < 200 || status >= 300) throw new Refusal('otherFailed', said ? `表单库拒绝了：${said}` : `表单库的应答不对（${status}）`)
  if (content === undefined) throw nonsense()
  return content
} // prettier-ignore
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const nonsense = () => new Refusal('otherFailed', '表单库的应答无法识别，请核对地址')

function readPage(given: unknown): LibraryPage {
  const { rows, next } = isObject(given) ? given : {}
  if (!Array.isArray(rows) || rows.length > 100 || !(next === null || isUuid(next))) throw nonsense()
  return { rows: rows.map(readItem), next }
}
/** What the other side says of a form, held to the lengths that ours have. */
function readItem(given: unknown): LibraryItem {
  const { id, name, purpose, category, hospital, version, status, takings, at } = isObject(given) ? given : {}
  const text = (one: unknown, max: number): string => {
    if (typeof one !== 'string' || !one.isWellFormed()) throw nonsense()
    return one.slice(0, max)
  }
  const whole = (one: unknown): number => {
    if (!Number.isSafeInteger(one)) throw nonsense()
    return Math.max(one as number, 0)
  }
  if (!isUuid(id) || typeof at !== 'string' || Number.isNaN(Date.parse(at))) throw nonsense()
  return {
    id,
    name: text(name, 60),
    purpose: text(purpose, 2000),
    category: typeof category === 'string' && Object.hasOwn(libraryCategories, category) ? (category as LibraryItem['category']) : 'other',
    hospital: text(hospital, 60),
    version: whole(version),
    status: status === 'pending' ? 'pending' : 'shared',
    takings: whole(takings),
    words: '',
    at: new Date(at).toISOString(),
  }
}
