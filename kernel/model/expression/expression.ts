import { Environment } from '@marcbachmann/cel-js'
import type { Field, Fields } from '../fields/field.ts'
import { kindOf } from '../fields/kinds.ts'

/** CEL over one record's fields: computes values and form rules, the same in browser and server, never turned into SQL. */
export interface Expression {
  /** The value, as it travels in JSON (integers as number). Faults of evaluation (null in arithmetic) give null. */
  evaluate(record: Readonly<Record<string, unknown>>): unknown
}

function environmentOf(fields: Fields): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: false })
  // Any field may be empty, so every variable is dynamic: `level == "four"` must hold for null too.
  for (const key of Object.keys(fields)) environment.registerVariable(key, 'dyn')
  mixNumbers(environment)
  return environment
}

/** People multiply whole numbers with fractions without a thought: the result is a fraction. */
function mixNumbers(environment: Environment): void {
  const ways = { '+': (a: number, b: number) => a + b, '-': (a: number, b: number) => a - b, '*': (a: number, b: number) => a * b, '/': (a: number, b: number) => a / b } as const // prettier-ignore
  for (const [sign, work] of Object.entries(ways)) {
    environment.registerOperator(`int ${sign} double: double`, (a: bigint, b: number) => work(Number(a), b))
    environment.registerOperator(`double ${sign} int: double`, (a: number, b: bigint) => work(a, Number(b)))
  }
}

/** Says what is wrong with an expression over these fields, or null. */
export function checkExpression(text: string, fields: Fields): string | null {
  try {
    const result = environmentOf(fields).check(text)
    return result.valid ? null : (result.error?.message ?? 'not valid')
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const compiled = new WeakMap<Fields, Map<string, Expression>>()
/** Compiles once per field set. Throws when the expression is wrong: `checkExpression` proves it at start-up. */
export function expression(text: string, fields: Fields): Expression {
  let known = compiled.get(fields)
  if (!known) compiled.set(fields, (known = new Map()))
  let found = known.get(text)
  if (!found) {
    const run = environmentOf(fields).parse(text)
    found = {
      evaluate(record) {
        const variables: Record<string, unknown> = {}
        for (const [key, field] of Object.entries(fields)) variables[key] = toCel(record[key], field)
        try {
          const value: unknown = run(variables)
          return typeof value === 'bigint' ? Number(value) : value
        } catch {
          return null
        }
      },
    }
    known.set(text, found)
  }
  return found
}

function toCel(value: unknown, field: Field): unknown {
  if (value === undefined || value === null) return null
  const { toCel: convert } = kindOf(field)
  return convert ? convert(value) : value
}

/** Which fields an expression may read: every name in it, strings left out. More than needed does no harm. */
export function readsOf(text: string, fields: Fields): string[] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' ')
  return [...new Set(bare.match(/[A-Za-z_]\w*/g) ?? [])].filter((name) => Object.hasOwn(fields, name))
}
