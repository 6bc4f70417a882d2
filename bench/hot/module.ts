import { date, may, module, money, reference, resource, rollUp, text, unit } from '#model'

const owner = { department: 'department' } as const
const line = {
  name: text('名称', { required: true, max: 200 }),
  fee: money('金额', { required: true }),
  day: date('日期', { required: true }),
}

/** Adds up what points at it: every line written moves its figures. */
export const account = resource('hot.account', {
  label: '专项经费',
  title: 'name',
  owner,
  fields: {
    name: text('名称', { required: true }),
    department: unit('科室', { required: true }),
    lines: rollUp('支出笔数', { of: 'hot.line', by: 'account', how: 'count' }),
    spent: rollUp<string>('支出合计', { of: 'hot.line', by: 'account', how: 'sum', field: 'fee' }),
    last: rollUp<string>('最近支出', { of: 'hot.line', by: 'account', how: 'max', field: 'day' }),
  },
})
export const accountLine = resource('hot.line', {
  label: '支出',
  title: 'name',
  fields: { account: reference('经费', 'hot.account', { required: true }), ...line },
})
/** The same without figures. */
export const folder = resource('hot.folder', {
  label: '资料夹',
  title: 'name',
  owner,
  fields: { name: text('名称', { required: true }), department: unit('科室', { required: true }) },
})
export const folderLine = resource('hot.sheet', {
  label: '资料',
  title: 'name',
  fields: { account: reference('资料夹', 'hot.folder', { required: true }), ...line },
})
const resources = [account, accountLine, folder, folderLine]
export default module('hot', { label: '热点测量', resources, roles: { medicalOffice: resources.map((one) => may.all(one)) } })
