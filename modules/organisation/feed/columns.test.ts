import { expect, test } from 'vitest'
import { readPeopleFile, templateHeads } from './columns.rules.ts'

test('the head is found below a title, columns by what people call them; a day that is none is left out', () => {
  const rows = [
    ['2026 年职工名册'],
    ['序号', '职工号', '姓 名', '出生年月日', '部门', '备注'],
    ['1', '00123', '张海涛', '长期', '普外科', ''],
    ['2', '', '没有工号', '43952', '', ''],
    ['', '', '', '', '', '制表人：王'],
  ]
  const read = readPeopleFile(rows, [1, 3, 4, 5, 6])
  expect(read.problems).toEqual([])
  expect(read.columns.map(({ heading, goesTo }) => [heading, goesTo])).toEqual([['序号', null], ['职工号', '工号'], ['姓 名', '姓名'], ['出生年月日', '出生日期'], ['部门', '科室'], ['备注', null]])
  expect(read.people).toEqual([{ number: '00123', name: '张海涛', unit: '普外科' }, { name: '没有工号', birthDate: '43952' }])
}) // prettier-ignore

test('one number twice is refused with the lines of the file; a file without a head says what it needs', () => {
  const rows = [['工号', '姓名'], ['1', '甲'], ['2', '乙'], ['1', '丙']] // prettier-ignore
  expect(readPeopleFile(rows, [1, 2, 4, 9]).problems).toEqual(['工号 1 重复：第 2、9 行'])
  expect(readPeopleFile([['甲', '乙']], [1]).problems).toEqual(['没有找到表头：需要有“工号”和“姓名”两列'])
  expect(readPeopleFile([['工号', '姓名']], [1]).problems).toEqual(['表头下面没有人员'])
})

test('the template has who it is and what the source looks after', () => {
  expect(templateHeads(['name', 'mobile', 'unit'])).toEqual(['工号', '姓名', '手机', '科室'])
})
