import { halfWidth, Refusal, type ApiRecord } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import type { ViewRead } from '#kernel/server/named-database.ts'
import { columnOf } from './columns.rules.ts'
import { abouts, type About } from './feed.rules.ts'
import type { FetchedLines } from './fetch.ts'
import { mostLines } from './match.ts'

/** Names of the view's columns, and which of them must be there: as the interface calls them. */
const columns: Readonly<Record<About, { known: readonly string[]; needed: readonly string[] }>> = {
  people: {
    known: ['number', 'name', 'unit', 'sex', 'birthDate', 'identityNumber', 'mobile', 'email', 'joinedOn', 'staffNumber'],
    needed: ['number', 'name'],
  },
  units: { known: ['code', 'name', 'parentCode', 'kind', 'from', 'to'], needed: ['code', 'name'] },
  absences: {
    known: ['key', 'number', 'name', 'kind', 'from', 'until', 'reason', 'cancelled'],
    needed: ['key', 'number', 'kind', 'from', 'until'],
  },
}
const viewFields = { units: 'unitsView', people: 'peopleView', absences: 'absencesView' } as const
const order = ['units', 'people', 'absences'] as const

/** `birth_date`, `BIRTHDATE` and `birthDate` are one column; people's may also bear the headings of the template. */
function keyOf(about: About, column: string): string | null {
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase()
  const same = columns[about].known.find((key) => plain(key) === plain(halfWidth(column)))
  return same ?? (about === 'people' ? columnOf(column) : null)
}
/** The lines of a view as the interface takes them. */
function linesOf(about: About, view: string, { columns: heads, rows }: ViewRead): Record<string, string>[] {
  const keys = heads.map((head) => keyOf(about, head))
  const lacking = columns[about].needed.filter((key) => !keys.includes(key))
  if (lacking.length) throw new Refusal('otherFailed', `视图 ${view} 缺少列 ${lacking.join('、')}`)
  return rows.map((row) => Object.fromEntries(keys.flatMap((key, i) => (key && row[i] !== null ? [[key, key === 'cancelled' ? isTrue(row[i]!) : row[i]!]] : []))))
} // prettier-ignore
const isTrue = (text: string): string => String(['t', 'true', '1', 'y', '是'].includes(text.trim().toLowerCase()))

/** What the views of a source hold, all as of one moment. */
export async function readViews(kernel: Kernel, source: ApiRecord): Promise<FetchedLines> {
  const database = kernel.elsewhere.databases.get(String(source['code']))
  if (!database) throw new Refusal('otherFailed', lacksDatabase(source))
  const asked = order.flatMap((about) => (source[viewFields[about]] ? [{ about, view: String(source[viewFields[about]]) }] : []))
  const read = await database.read(asked.map(({ view }) => view), mostLines)
  return Object.fromEntries(
    asked.map(({ about, view }, i) => {
      const lines = linesOf(about, view, read[i]!)
      // A view that lost its rows says nothing of those who are here.
      if (lines.length === 0 && about !== 'absences' && source['isWhole'] !== false) throw new Refusal('otherFailed', `视图 ${view} 没有一行：${abouts[about]}不会是空的`)
      return [about, lines]
    }),
  )
} // prettier-ignore
/** What the administrator must still name. */
export const lacksDatabase = (source: ApiRecord): string =>
  `服务器上没有配置 XINGLIN_FEED_${String(source['code']).toUpperCase().replaceAll('-', '_')}_DATABASE`
