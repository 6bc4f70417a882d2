import { choice, date, dateTime, files, person, references, text, unit } from '../fields/factories.ts'
import { members, richText, toggle } from '../fields/factories-more.ts'
import { is } from '../filter/filter.ts'
import { group, ledger, may, module, page } from '../module.ts'
import { resource } from '../resource.ts'

export const noticeKinds = { hospital: '院内通知', unit: '科内通知' } as const
export type NoticeKind = keyof typeof noticeKinds
export const noticeStates = {
  draft: { label: '草稿', tone: 'neutral' },
  published: { label: '已发布', tone: 'good' },
  withdrawn: { label: '已撤回', tone: 'warn' },
} as const

/** 通知: written as any record, read through a page of its own by those to whom it is published. */
export const notices = resource('notices.notice', {
  label: '通知',
  title: 'title',
  owner: { person: 'author', department: 'unit' },
  chapter: '通知与任务',
  groups: [
    { label: '内容', fields: ['title', 'body', 'attachments'] },
    { label: '发给谁', fields: ['kind', 'unit', 'to', 'watched', 'sms', 'comments', 'mustRead', 'until'] },
    { label: '发布', fields: ['author', 'status', 'publishedAt', 'publishedBy', 'withdrawnReason'] },
  ],
  fields: {
    title: text('标题', { required: true, max: 100, search: true }),
    body: richText('正文', { required: true }),
    attachments: files('附件'),
    kind: choice('类别', noticeKinds, { required: true, default: 'unit' }),
    unit: unit('发布科室', { required: true, from: 'author.unit' }),
    to: members('接收范围', { help: '不填为全部：院内通知发全院，科内通知发本科室及下级；可选科室（含下级）、职务、人员' }),
    watched: references('特别关注', 'directory.person', { help: '须在接收范围内；阅读情况中单独列出' }),
    sms: toggle('短信提醒', { default: false, help: '同时发短信；医院未接入短信时不发' }),
    comments: toggle('允许评论', { default: true }),
    mustRead: toggle('登录强制阅读', { default: false, help: '接收人登录后须先阅读才能继续' }),
    until: date('强制阅读截止', { help: '此后登录不再强制；不填则一直强制' }),
    author: person('起草人', { required: true, readOnly: true, default: 'me' }),
    status: choice('状态', noticeStates, { required: true, readOnly: true, default: 'draft' }),
    publishedAt: dateTime('发布时间', { readOnly: true }),
    publishedBy: person('发布人', { readOnly: true }),
    withdrawnReason: text('撤回原因', { readOnly: true, max: 200 }),
  },
  indexes: [['status', 'publishedAt']],
  list: {
    columns: ['title', 'kind', 'unit', 'status', 'mustRead', 'publishedAt', 'publishedBy', 'author'],
    filters: ['kind', 'status', 'unit', 'mustRead', 'publishedAt', 'author'],
    sort: ['-createdAt'],
    views: [
      { name: 'hospital', label: '院内', filter: is('kind', 'hospital') },
      { name: 'unit', label: '科内', filter: is('kind', 'unit') },
      { name: 'draft', label: '草稿', filter: is('status', 'draft') },
    ],
  },
})

const actions = ['read', 'create', 'update', 'delete'] as const
const write = (scope: 'hospital' | 'myUnits') => ({ on: notices.name, actions, scope })
export const noticesModule = module('notices', {
  label: '通知',
  resources: [notices],
  rights: { 'notices.read': '阅读发给自己的通知', 'notices.hospital': '发布院内通知', 'notices.statistics': '通知的阅读统计' },
  roles: {
    staffMember: [may.use('notices.read')],
    // They hold no other role, and are told what all are told.
    systemOfficer: [may.use('notices.read')],
    securityOfficer: [may.use('notices.read')],
    auditOfficer: [may.use('notices.read')],
    departmentHead: [write('myUnits'), may.use('notices.statistics')],
    departmentSecretary: [write('myUnits'), may.use('notices.statistics')],
    medicalOffice: [write('hospital'), may.export(notices), may.use('notices.hospital'), may.use('notices.statistics')],
  },
  menu: [
    group('通知公告', [
      page('/notices', '通知', 'notices.read', { icon: 'notification', phone: true }),
      ledger(notices, { label: '发布与管理' }),
    ]),
  ],
})
