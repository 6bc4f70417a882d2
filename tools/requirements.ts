// docs/requirements.csv against the last run of the tests: a line that says "done" names tests that ran and passed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { TestReport } from './report.ts'
import { root } from './sources.ts'

const states = ['done', 'part', 'none'] as const

export interface Requirement {
  id: string
  capability: string
  state: string
  /** The folder or file that does it. */
  where: string
  /** `file :: title of the test`; several are separated by ` | `. */
  test: string
}

/** What is wrong with the list; empty when every claim holds. Before the tests have run (no report) their files have to be there. */
export function findFaults(requirements: Requirement[], report: TestReport | undefined, isThere: (path: string) => boolean): string[] {
  const results = report && new Map(report.tests.map(({ file, title, status }) => [`${file} :: ${title}`, status]))
  const ids = new Set<string>()
  return requirements.flatMap(({ id, state, where, test }) => {
    const faults: string[] = []
    if (ids.has(id)) faults.push('出现了两次')
    ids.add(id)
    if (!states.some((one) => one === state)) faults.push(`状态“${state}”不是 ${states.join('、')} 之一`)
    for (const path of where.split(/\s+/).filter(Boolean)) if (!isThere(path)) faults.push(`所指的 ${path} 不存在`)
    const tests = test
      .split(' | ')
      .map((name) => name.trim())
      .filter(Boolean)
    if (state === 'done' && !tests.length) faults.push('标为 done，却没有写明测试')
    for (const name of tests) {
      if (!results) {
        const [file = ''] = name.split(' :: ')
        if (!isThere(file)) faults.push(`测试文件 ${file} 不存在`)
        continue
      }
      const status = results.get(name.replaceAll(' > ', ' '))
      if (status === undefined) faults.push(`测试“${name}”不在上次的测试报告中`)
      else if (status !== 'passed') faults.push(`测试“${name}”上次未通过（${status}）`)
    }
    return faults.map((fault) => `${id}：${fault}`)
  })
}

/** How many lines of each capability are in each state. */
export function countByCapability(requirements: Requirement[]): string[] {
  const groups = [...Map.groupBy(requirements, ({ capability }) => capability), ['total', requirements] as const]
  return groups.map(([capability, lines]) => {
    const count = (state: string) => `${state} ${String(lines.filter((line) => line.state === state).length).padStart(4)}`
    return `${capability.padEnd(16)} ${states.map(count).join('   ')}`
  })
}

if (import.meta.main) {
  const table = readFileSync(join(root, 'docs', 'requirements.csv'), 'utf8')
  const requirements = parse<Requirement>(table, { columns: true, bom: true, skip_empty_lines: true })
  const report = process.argv.includes('--before-tests') ? undefined : readReport()
  if (report) for (const line of countByCapability(requirements)) console.log(line)
  const faults = findFaults(requirements, report, (path) => existsSync(join(root, path)))
  for (const fault of faults) console.error(fault)
  if (faults.length) process.exitCode = 1
}

function readReport(): TestReport {
  const file = join(root, 'reports', 'tests.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  console.log('还没有测试报告（reports/tests.json），请先运行 npm test。')
  return { at: '', tests: [] }
}
