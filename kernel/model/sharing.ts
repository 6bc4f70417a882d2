import type { Definitions, ResolvedResource } from './definitions.ts'
import { isProtected } from './fields/classes.ts'
import type { Field, FieldKind } from './fields/field.ts'
import { isGiven, isUuid, kindOf } from './fields/kinds.ts'
import { group, may, module, page } from './module.ts'
import type { FieldProblem } from './refusals.ts'

/** Records that somebody chose, or an empty form to be filled in. */
export type ShareKind = 'records' | 'form'
/** Colleagues, who sign in and see what they may see anyhow; or whoever holds the link. */
export type ShareAudience = 'inside' | 'public'
export interface ShareDraft {
  kind: ShareKind
  audience: ShareAudience
  resource: string
  records: string[]
  /** Which fields are shown. */
  fields: string[]
  /** Days until the link ends. */
  days: number
  password: string | null
  /** Openings, of a form submissions; null without limit. */
  maxUses: number | null
}
export type ShareState = 'open' | 'expired' | 'used' | 'withdrawn'
/** A link as its maker and the administrator see it. The link itself is shown once, when it is made: only its hash is kept. */
export interface ShareItem {
  id: string
  kind: ShareKind
  audience: ShareAudience
  resource: string
  resourceLabel: string
  title: string
  count: number
  owner: string
  ownerName: string
  at: string
  expiresAt: string
  uses: number
  maxUses: number | null
  hasPassword: boolean
  state: ShareState
}
/** POST /api/shares */
export interface ShareMade {
  share: ShareItem
  /** Path of the page that the link leads to. */
  path: string
}
export interface ShareLogEntry {
  at: string
  act: string
  outcome: string
  name: string | null
  address: string | null
}
/** GET /api/records/:resource/:id/grants: to whom one record was opened. */
export interface RecordGrantItem {
  id: string
  personName: string
  level: 'read' | 'update'
  until: string
  reason: string
  byName: string
  at: string
}
/** GET /api/given-records: what was opened to me. */
export interface GrantedRecord extends Omit<RecordGrantItem, 'personName'> {
  resource: string
  resourceLabel: string
  record: string
  title: string
}
/** GET /api/follows: of what I am told. `title` null: not mine to see any more. */
export interface FollowItem {
  resource: string
  resourceLabel: string
  record: string
  title: string | null
  at: string
}
/** A value of a shared record in words, or a sub-table. */
export type SharedValue = { label: string; text: string } | { label: string; head: string[]; rows: string[][] }
export interface SharedRecord {
  title: string
  values: SharedValue[]
}
/** One question of a public form. */
export interface PublicField {
  key: string
  label: string
  kind: FieldKind
  required: boolean
  help: string | null
  max: number | null
  unit: string | null
  choices: { value: string; label: string }[]
}
/** GET /api/s/:token */
export interface PublicShareHead {
  hospital: string
  kind: ShareKind
  needsPassword: boolean
}
/** POST /api/s/:token/open */
export type PublicShareContent = { hospital: string; label: string; by: string } & (
  { kind: 'records'; records: SharedRecord[] } | { kind: 'form'; note: string | null; fields: PublicField[] }
)
/** What a public form can ask: kinds that neither name colleagues nor take files. */
export const publicKinds: ReadonlySet<FieldKind> = new Set<FieldKind>([
  'text', 'longText', 'integer', 'decimal', 'boolean', 'switch', 'date', 'time', 'year', 'yearMonth', 'choice', 'choices', 'phone', 'email', 'rating', 'counter',
]) // prettier-ignore
export const mostSharedRecords = 200

/** Links to colleagues are everybody's; to make what is inside public is a right of its own, and the hospital must have allowed it at all. */
export const sharingModule = module('sharing', {
  label: '分享',
  rights: {
    'share.public': '对外公开分享（须先在系统设置中开启）',
    'share.administer': '查看和收回全院的分享',
  },
  roles: {
    medicalOffice: [may.use('share.public')],
    systemOfficer: [may.use('share.administer')],
    securityOfficer: [may.use('share.administer')],
  },
  menu: [group('系统', [page('/shares', '全院分享', 'share.administer', { icon: 'share-alt' })])],
})

/** May a value of this field leave in a link at all? Protected ones never; files and signatures neither. */
export const isSharable = (field: Field): boolean => {
  const kind = kindOf(field)
  return !isProtected(field) && !kind.isWriteOnly && !kind.holdsFiles && field.kind !== 'signature'
}

/** A link as it is asked for; what is wrong is named. */
export function readShareDraft(given: Readonly<Record<string, unknown>>): { draft: ShareDraft | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const say = (field: string, message: string) => void problems.push({ field, message })
  const { kind, audience, resource, records = [], fields = [], days, password = null, maxUses = null } = given
  if (kind !== 'records' && kind !== 'form') say('kind', '请选择分享记录还是空白表单')
  if (audience !== 'inside' && audience !== 'public') say('audience', '请选择分享给谁')
  if (typeof resource !== 'string') say('resource', '没有这种记录')
  const ids = Array.isArray(records) && records.every(isUuid) ? [...new Set(records)] : null
  if (!ids || ids.length > mostSharedRecords || (kind === 'records' && ids.length === 0)) say('records', `请选择 1 至 ${mostSharedRecords} 条记录`)
  const keys = Array.isArray(fields) && fields.every((key) => typeof key === 'string') ? [...new Set(fields)] : null
  if (!keys || (kind === 'records' && keys.length === 0)) say('fields', '请至少选择一项要显示的内容')
  const most = audience === 'public' ? 90 : 365
  if (!Number.isInteger(days) || (days as number) < 1 || (days as number) > most) say('days', `有效期为 1 至 ${most} 天`)
  if (password !== null && (typeof password !== 'string' || password.length < 4 || password.length > 64)) say('password', '访问密码为 4 至 64 位')
  if (maxUses !== null && (!Number.isInteger(maxUses) || (maxUses as number) < 1 || (maxUses as number) > 100_000)) say('maxUses', '次数为 1 至 100000')
  if (problems.length) return { draft: null, problems }
  return { draft: { kind, audience, resource, records: ids!, fields: keys!, days, password, maxUses } as ShareDraft, problems }
} // prettier-ignore

/** What keeps a declared public form from being filled in by a stranger. */
export function provePublicForm(_defs: Definitions, r: ResolvedResource, report: (where: string, what: string) => void): void {
  if (!r.publicForm) return
  const asked = new Set(r.publicForm.fields)
  if (r.writtenBy === 'module') report('publicForm', 'its records are written by a module only')
  for (const key of asked) {
    const field = r.fields[key]
    if (!field) report('publicForm', `no field "${key}"`)
    else if (!publicKinds.has(field.kind)) report(`publicForm.${key}`, `a stranger cannot fill in a ${field.kind}`)
    else if (field.visibleWhen || field.readOnly || field.derived) report(`publicForm.${key}`, 'is not always there to be filled in')
  }
  const owners: readonly unknown[] = [r.owner.person, r.owner.department]
  for (const [key, field] of Object.entries(r.fields)) {
    const isSupplied = isGiven(field) || field.default !== undefined || owners.includes(key)
    if (field.required && !asked.has(key) && !isSupplied) report(`publicForm.${key}`, 'is required, and nobody would fill it in')
  }
}
