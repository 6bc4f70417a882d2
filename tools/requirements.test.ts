import { expect, test } from 'vitest'
import { countByCapability, findFaults, type Requirement } from './requirements.ts'

const line = (id: string, state: string, tested = '', where = ''): Requirement => ({
  id,
  capability: 'privileges',
  state,
  where,
  test: tested,
})
const report = {
  at: '2026-01-01T00:00:00Z',
  tests: [
    { file: 'a.test.ts', title: 'grants are kept', status: 'passed' },
    { file: 'a.test.ts', title: 'a group skips this', status: 'skipped' },
  ],
}
const judge = (...lines: Requirement[]) => findFaults(lines, report, (path) => path === 'modules')

test('a line that is done names tests that ran and passed', () => {
  expect(judge(line('A1', 'done', 'a.test.ts :: grants are kept', 'modules'), line('A2', 'none'))).toEqual([])
  expect(judge(line('A1', 'done'))).toEqual(['A1：标为 done，却没有写明测试'])
  expect(judge(line('A1', 'done', 'a.test.ts :: another'))).toEqual(['A1：测试“a.test.ts :: another”不在上次的测试报告中'])
  expect(judge(line('A1', 'done', 'a.test.ts :: grants are kept | a.test.ts :: a group > skips this'))).toEqual([
    'A1：测试“a.test.ts :: a group > skips this”上次未通过（skipped）',
  ])
})

test('a line that stands twice, in an unknown state or points nowhere is refused', () => {
  expect(judge(line('A1', 'none'), line('A1', 'ready'), line('A2', 'part', '', 'nowhere'))).toEqual([
    'A1：出现了两次',
    'A1：状态“ready”不是 done、part、none 之一',
    'A2：所指的 nowhere 不存在',
  ])
})

test('before the tests have run, what a line names has to be there', () => {
  const early = (one: Requirement) => findFaults([one], undefined, (path) => path === 'modules' || path === 'a.test.ts')
  expect(early(line('A1', 'done', 'a.test.ts :: not run yet', 'modules'))).toEqual([])
  expect(early(line('A1', 'done', 'a.test.ts :: not run yet | b.test.ts :: gone', 'modules, gone'))).toEqual([
    'A1：所指的 modules, 不存在',
    'A1：所指的 gone 不存在',
    'A1：测试文件 b.test.ts 不存在',
  ])
})

test('lines are counted by capability and state', () => {
  expect(countByCapability([line('A1', 'done'), line('A2', 'none')])).toEqual([
    'privileges       done    1   part    0   none    1',
    'total            done    1   part    0   none    1',
  ])
})
