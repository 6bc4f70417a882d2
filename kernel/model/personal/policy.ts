import { boolean, choice, date, longText, rows, text } from '../fields/factories.ts'
import { richText } from '../fields/factories-more.ts'
import type { RichNode } from '../fields/rich-text.ts'
import { resource } from '../resource.ts'

/** On what a purpose rests (个人信息保护法 art. 13). Only the first needs consent; staff records mostly rest on the third and second. */
export const grounds = {
  consent: '本人同意',
  contract: '订立、履行合同，或依法制定的劳动规章和集体合同实施人力资源管理所必需',
  duty: '履行法定职责或法定义务所必需',
  emergency: '应对突发公共卫生事件，或紧急情况下保护生命健康和财产安全所必需',
  news: '为公共利益实施新闻报道、舆论监督，在合理范围内处理',
  published: '合理范围内处理本人自行公开或已合法公开的信息',
  law: '法律、行政法规规定的其他情形',
} as const
export type Ground = keyof typeof grounds

/** What the hospital tells of personal information: versions, one of which is in force. A second person passes each. */
export const privacyPolicies = resource('personal.policy', {
  label: '隐私政策',
  title: 'edition',
  approval: 'personal.policy',
  groups: [
    { label: '版本', fields: ['edition', 'from', 'changes'] },
    { label: '正文', fields: ['body'] },
    { label: '收集什么、为什么、依据什么', fields: [{ note: '依据“本人同意”的目的会逐项征求同意；敏感的单独征求。其余只告知' }, 'purposes'] },
  ],
  fields: {
    edition: text('版本', { required: true, max: 20, help: '如 2.0' }),
    from: date('生效日期', { required: true, help: '当天零时起生效；此前的版本随之失效，原文保留' }),
    changes: longText('与上一版的不同', { max: 2000, help: '请已同意的人重新阅读时，先看到这一段' }),
    body: richText('正文', { required: true, max: 20_000 }),
    purposes: rows('处理目的', {
      code: text('代号', { required: true, max: 40, pattern: '^[a-zA-Z][a-zA-Z0-9]*$', patternMessage: '用英文字母和数字，如 smsCode', help: '程序按它询问是否同意，各版本保持不变' }),
      name: text('目的', { required: true, max: 60 }),
      what: longText('收集的信息', { required: true, max: 500 }),
      ground: choice('依据', grounds, { required: true }),
      basis: text('具体依据', { max: 200, help: '法规名称与条款；没有核对过原文的请注明待核' }),
      isSensitive: boolean('敏感个人信息', { default: false }),
      necessity: longText('必要性和对本人的影响', { max: 500, visibleWhen: 'isSensitive', requiredWhen: 'isSensitive' }),
      keeps: text('保存期限', { required: true, max: 100 }),
      recipients: text('提供给谁', { required: true, max: 200, default: '不对外提供' }),
      refusal: text('不同意或撤回的后果', { max: 200, visibleWhen: "ground == 'consent'", requiredWhen: "ground == 'consent'" }),
    }, { required: true, min: 1, max: 60, rowTitle: 'name' }),
  },
  unique: [['edition']],
  list: { columns: ['edition', 'from', 'changes', 'state', 'createdBy', 'createdAt'], filters: ['state', 'from'], sort: ['-from'] },
}) // prettier-ignore

export interface PrivacyPurpose {
  code: string
  name: string
  what: string
  ground: Ground
  basis: string | null
  isSensitive: boolean
  necessity: string | null
  keeps: string
  recipients: string
  refusal: string | null
}
/** GET /api/privacy: what is in force, for anybody. */
export interface PrivacyAnswer {
  hospital: string
  policy: { id: string; edition: string; from: string; changes: string | null; body: RichNode; purposes: PrivacyPurpose[] } | null
}
export const needsConsent = ({ ground }: Pick<PrivacyPurpose, 'ground'>): boolean => ground === 'consent'
