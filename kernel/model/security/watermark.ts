import type { Definitions } from '../definitions.ts'
import { isProtected } from '../fields/classes.ts'
import type { FieldProblem } from '../refusals.ts'

/** Where the pages say who looks at them. */
export const watermarkWheres = {
  protected: '涉及受保护信息的页面',
  everywhere: '所有页面',
  nowhere: '都不显示',
} as const
export interface Watermark {
  where: keyof typeof watermarkWheres
  /** The name of one's unit stands there too. */
  unit: boolean
  /** Registers and pages, by name or path, that do otherwise. */
  places: Readonly<Record<string, boolean>>
}
export const usualWatermark: Watermark = { where: 'protected', unit: false, places: {} }

/** A register or a page, as the setting names it. */
export interface WatermarkPlace {
  /** A record type's name, or a path. */
  key: string
  label: string
  group: string
  /** It shows protected fields. */
  isProtected: boolean
}
/** Pages that are no register's and show whatever a record holds. */
const recordPages: Readonly<Record<string, string>> = {
  '/approvals': '审批详情',
  '/reports': '报表',
  '/p': '统计页面',
  '/shared': '收到的分享',
  '/import': '导入',
  '/bin': '回收站',
}

/** Every place of a hospital, registers first. */
export function watermarkPlaces(defs: Definitions): WatermarkPlace[] {
  const groupOf = (name: string) => defs.modules.find((m) => m.name === name.split('.')[0])?.label ?? ''
  const registers = [...defs.resources.values()].map((r) => ({
    key: r.name,
    label: r.label,
    group: groupOf(r.name),
    isProtected: Object.values(r.fields).some(isProtected),
  }))
  const pages = defs.modules.flatMap((m) =>
    (m.menu ?? []).flatMap(({ entries }) => entries.flatMap((one) => (one.kind === 'page' ? [{ key: one.path, label: one.label, group: m.label, isProtected: false }] : []))),
  )
  const known = new Set(pages.map(({ key }) => key))
  const more = Object.entries(recordPages).map(([key, label]) => ({ key, label, group: '通用页面', isProtected: true }))
  return [...registers, ...pages.map((one) => ({ ...one, isProtected: one.key in recordPages })), ...more.filter(({ key }) => !known.has(key))]
} // prettier-ignore

/** Does this place show it by the rule, if nobody says otherwise of it? */
export const watermarkByRule = ({ where }: Pick<Watermark, 'where'>, { isProtected }: Pick<WatermarkPlace, 'isProtected'>): boolean =>
  where === 'everywhere' || (where === 'protected' && isProtected)

/** GET /api/me/watermark: what one's own pages show, and where. */
export interface OwnWatermark {
  /** Name, number, and unit where it is wanted; the page adds the time. */
  words: string
  /** Shown where nothing else is said. */
  usual: boolean
  /** Places that do the opposite. */
  others: string[]
}
/** GET /api/watermark */
export interface WatermarkAnswer {
  setting: Watermark
  places: WatermarkPlace[]
}
/** The place of an address: `/r/<type>…` is the type's, any other the longest named path above it. */
export function watermarkPlaceOf(pathname: string, named: ReadonlySet<string>): string {
  const [, root = '', second = ''] = pathname.split('/')
  if (root === 'r') return second
  let path = pathname
  while (path.length > 1 && !named.has(path)) path = path.slice(0, Math.max(1, path.lastIndexOf('/')))
  return path
}

/** The setting as it comes from outside; what is wrong is named at its field. */
export function readWatermark(given: unknown, places: readonly WatermarkPlace[]): { setting: Watermark; problems: FieldProblem[] } {
  const draft = (typeof given === 'object' && given !== null ? given : {}) as Partial<Record<keyof Watermark, unknown>>
  const problems: FieldProblem[] = []
  const isWhere = typeof draft.where === 'string' && Object.hasOwn(watermarkWheres, draft.where)
  if (!isWhere) problems.push({ field: 'where', message: '请选择在哪些页面显示' })
  const known = new Set(places.map(({ key }) => key))
  const own: [string, boolean][] = []
  for (const [key, shows] of Object.entries(typeof draft.places === 'object' && draft.places !== null ? draft.places : {}))
    if (known.has(key) && typeof shows === 'boolean') own.push([key, shows])
    else problems.push({ field: 'places', message: `没有“${key.slice(0, 60)}”这个页面或记录类型` })
  return { setting: { where: draft.where as Watermark['where'], unit: draft.unit === true, places: Object.fromEntries(own) }, problems }
}

/** What is sealed into a file that is taken away: who, when, under which title. */
export interface SealedMark {
  number: string
  by: string
  person: string | null
  staffNumber: string | null
  at: string
  title: string
  address: string | null
}
/** POST /api/export-mark: who took a file away. */
export interface ExportTrace extends SealedMark {
  /** Read from what was sealed; else only the number that stands in it was looked up. */
  isProved: boolean
  /** What the audit holds of it. */
  entry: {
    at: string
    actor: string | null
    actorName: string | null
    act: string
    resource: string | null
    address: string | null
    detail: Record<string, unknown>
  } | null
}
