import { choice, dateTime, person, reference, text } from '../fields/factories.ts'
import { resource } from '../resource.ts'
import type { PrivacyPurpose } from './policy.ts'

export const consentActs = {
  read: { label: '已阅读', tone: 'neutral' },
  given: { label: '同意', tone: 'good' },
  refused: { label: '不同意', tone: 'warn' },
  withdrawn: { label: '撤回', tone: 'warn' },
} as const
export type ConsentAct = keyof typeof consentActs

/** What somebody has read, agreed to, refused and taken back: only added to. */
export const consents = resource('personal.consent', {
  label: '同意记录',
  title: 'purposeName',
  owner: { person: 'person' },
  chapter: '个人信息',
  writtenBy: 'module',
  fields: {
    at: dateTime('时间', { required: true }),
    person: person('人员', { required: true }),
    act: choice('行为', consentActs, { required: true }),
    purpose: text('目的代号', { required: true, max: 40 }),
    purposeName: text('目的', { required: true, max: 60, search: true }),
    policy: reference('政策版本', 'personal.policy', { required: true }),
    said: text('所同意内容的摘要值', { required: true, max: 64, help: '目的、内容、依据、期限、接收方任一改变，同意即须重新取得' }),
    channel: choice('途径', { web: '网页', phone: '手机', system: '纸质或批量登记' }, { required: true }),
    address: text('来源地址', { max: 60 }),
    device: text('设备', { max: 80 }),
  },
  indexes: [['person', 'purpose', 'at']],
  list: { columns: ['at', 'person', 'act', 'purposeName', 'policy', 'channel', 'address'], filters: ['person', 'act', 'purposeName', 'at'], sort: ['-at'] },
}) // prettier-ignore

/** Codes to the mobile phone for who has forgotten his password: a purpose that this program itself asks about. */
export const codePurpose = 'smsCode'
/** Under this purpose stands that the notice itself was read. */
export const noticeRead = 'notice'

/** A purpose that rests on consent, and how its person stands to it. */
export interface OwnConsent extends PrivacyPurpose {
  /** Null: never asked, or asked about something else. */
  stands: ConsentAct | null
  since: string | null
}
/** GET /api/me/privacy */
export interface OwnPrivacy {
  policy: { id: string; edition: string; from: string } | null
  mustRead: boolean
  consents: OwnConsent[]
}
