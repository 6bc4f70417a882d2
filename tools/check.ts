// Everything that can be judged without running the product: `npm run check`
import { printOutcomes, runStep } from './run-step.ts'

const steps: [string, string[]][] = [
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['lint', ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings']],
  [
    'format',
    ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier', '.'],
  ],
  ['boundaries', ['tools/boundaries.ts']],
  ['length', ['tools/length.ts']],
  ['requirements', ['tools/requirements.ts', '--before-tests']],
]

const outcomes = await Promise.all(steps.map(([name, args]) => runStep(name, args, { isQuiet: true })))
printOutcomes(outcomes)
if (outcomes.some(({ isGood }) => !isGood)) process.exitCode = 1
