// What the last run of the tests said: reports/tests.json, made of the reports vitest wrote for each part of the run.
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { root } from './sources.ts'

export interface TestReport {
  at: string
  tests: { file: string; title: string; status: string }[]
}

interface VitestReport {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string }[]
  }[]
}

/** Joins vitest's reports; a file that could not even be loaded counts as one failed test. */
export function readReports(names: string[]): TestReport {
  const files = names.map((name) => join(root, 'reports', name)).filter((path) => existsSync(path))
  const results = files.flatMap((path) => (JSON.parse(readFileSync(path, 'utf8')) as VitestReport).testResults)
  const tests = results.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name).split(sep).join('/')
    if (!assertionResults.length && status === 'failed') return [{ file, title: '(the file itself)', status }]
    return assertionResults.map((one) => ({ file, title: one.fullName, status: one.status === 'pending' ? 'skipped' : one.status }))
  })
  return { at: new Date().toISOString(), tests }
}
