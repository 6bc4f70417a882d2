// Steps of a larger command: each a child process of its own, timed, and summed up at the end.
import { spawn } from 'node:child_process'
import { root } from './sources.ts'

export interface Outcome {
  name: string
  isGood: boolean
  seconds: number
}

/** Runs Node on a script; with `isQuiet` its output is shown only when it fails. */
export async function runStep(
  name: string,
  args: string[],
  options: { isQuiet?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const start = performance.now()
  if (!options.isQuiet) console.log(`\n── ${name}`)
  const env = { ...process.env, ...options.env }
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', ...(options.isQuiet ? (['pipe', 'pipe'] as const) : (['inherit', 'inherit'] as const))],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const isGood = await new Promise<boolean>((done) => {
    child.once('error', () => done(false))
    child.once('close', (code) => done(code === 0))
  })
  if (options.isQuiet && !isGood) console.log(`\n── ${name}\n${output}`)
  return { name, isGood, seconds: (performance.now() - start) / 1000 }
}

/** Prints one line a step. */
export function printOutcomes(outcomes: Outcome[]): void {
  for (const { name, isGood, seconds } of outcomes)
    console.log(`${isGood ? '✓' : '✗'} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s`)
}
