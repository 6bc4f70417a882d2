// `npm test`: checks, the page, unit tests, the journeys in a browser, the requirements. `npm test -- FILTER` runs matching unit tests only.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from '../app/testing/chromium.ts'
import { readReports } from './report.ts'
import { printOutcomes, runStep, type Outcome } from './run-step.ts'
import { root } from './sources.ts'

const args = process.argv.slice(2)
const isDeep = args[0] === '--deep' && Boolean(args.shift())
const reports = join(root, 'reports')
const parts = ['unit', 'e2e']

mkdirSync(reports, { recursive: true })
if (isDeep) await finish([await browser(), await page(), await vitest('unit', args)])
else if (args.length) await finish([await vitest('unit', args)])
else {
  const outcomes = [await browser(), await runStep('check', ['tools/check.ts']), await page()]
  for (const part of parts) outcomes.push(await vitest(part))
  writeFileSync(join(reports, 'tests.json'), JSON.stringify(readReports(parts.map(reportOf)), null, 1))
  outcomes.push(await runStep('requirements', ['tools/requirements.ts']))
  await finish(outcomes)
}

async function browser(): Promise<Outcome> {
  const start = performance.now()
  const outcome = (isGood: boolean) => ({ name: 'browser', isGood, seconds: (performance.now() - start) / 1000 })
  try {
    for (const whole of [false, true]) {
      const { executable, origin } = await findChromium({ whole })
      console.log(`测试用浏览器${whole ? '（含通知与麦克风）' : ''}：${executable}（${origin}）`)
    }
    return outcome(true)
  } catch (error) {
    console.error(error)
    return outcome(false)
  }
}

async function page(): Promise<Outcome> {
  return runStep('page', ['bin/run.mjs', '--page'])
}

async function vitest(part: string, filters: string[] = []): Promise<Outcome> {
  rmSync(join(reports, reportOf(part)), { force: true })
  const options = [
    '--project',
    part,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=reports/${reportOf(part)}`,
  ]
  return runStep(part, ['node_modules/vitest/vitest.mjs', 'run', ...options, ...filters], { env: isDeep ? { XINGLIN_DEEP: '1' } : {} })
}

function reportOf(part: string): string {
  return `${part}.json`
}

async function finish(outcomes: Outcome[]): Promise<void> {
  const { tests } = readReports(outcomes.map(({ name }) => reportOf(name)))
  const count = (...statuses: string[]) => tests.filter(({ status }) => statuses.includes(status)).length
  console.log('\n── summary')
  for (const { file, title } of tests.filter(({ status }) => status === 'failed')) console.log(`✗ ${file} :: ${title}`)
  printOutcomes(outcomes)
  console.log(`\ntests: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped', 'todo')} skipped`)
  // A filter that matches nothing, or a run that found no file, has proved nothing.
  if (!count('passed') || outcomes.some(({ isGood }) => !isGood)) process.exitCode = 1
}
