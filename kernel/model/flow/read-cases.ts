import { flowTrialEnds, type FlowTestCase, type FlowTrialEnd, type FlowTrialWords } from '../api-flow-design.ts'
import { isUuid } from '../fields/kinds.ts'
import type { FieldProblem } from '../refusals.ts'
import { isPlainObject, listOf, name, number, oneOf, readAs, record, words, type Shape } from './shapes.ts'

export const mostCases = 50
const mostText = 20_000
const deepest = 5

const person: Shape<string> = (input, path, reading) => (isUuid(input) ? input : reading.say(path, '请选择人员'))
/** The fields of a request, as they travel: judged by whoever asks with them. */
const draft: Shape<Record<string, unknown>> = (input, path, reading) => {
  if (!isPlainObject(input)) return reading.say(path, '格式不对')
  if (Object.keys(input).some((key) => key in Object.prototype)) return reading.say(path, '含有不能用的字段名')
  if (!isShallow(input, deepest)) return reading.say(path, '内容嵌套太深')
  return JSON.stringify(input).length > mostText ? reading.say(path, '内容太长') : input
}
const isShallow = (value: unknown, most: number): boolean =>
  typeof value !== 'object' || value === null || (most > 0 && Object.values(value).every((inner) => isShallow(inner, most - 1)))

const expected = record<FlowTestCase['expect'][number]>({ step: name, people: listOf(person, 100) as Shape<string[]> }, ['step'])
const word = record<FlowTrialWords[string]>({ say: oneOf('refuse', 'return'), lines: listOf(number(0, 300), 300) as Shape<number[]> }, [
  'say',
])
/** By step. */
const said: Shape<FlowTrialWords> = (input, path, reading) => {
  if (!isPlainObject(input) || Object.keys(input).length > 300) return reading.say(path, '格式不对')
  const read = Object.entries(input).map(([step, one]) => [name(step, path, reading), word(one, `${path}.${step}`, reading)] as const)
  return read.some(([step, one]) => step === undefined || one === undefined) ? undefined : (Object.fromEntries(read) as FlowTrialWords)
}
const ends = oneOf(...(Object.keys(flowTrialEnds) as FlowTrialEnd[]))
const testCase = record<FlowTestCase>(
  {
    id: name,
    label: words(100),
    applicant: person,
    draft,
    words: said,
    ends,
    expect: listOf(expected, 300) as Shape<FlowTestCase['expect']>,
  },
  ['id', 'label', 'applicant', 'draft', 'expect'],
)

/** Reads test cases from outside: only what they may hold, within bounds, no two of one id. */
export function readCases(input: unknown): { cases: FlowTestCase[] } | { problems: FieldProblem[] } {
  const given = readAs(listOf(testCase, mostCases), input)
  if ('problems' in given) return given
  const { read } = given
  const doubled = read.findIndex(({ id }, nth) => read.findIndex((one) => one.id === id) !== nth)
  return doubled < 0 ? { cases: [...read] } : { problems: [{ field: `${doubled}.id`, message: '用例编号重复' }] }
}
/** What a request that is tried out holds. */
export function readDraft(input: unknown): { draft: Record<string, unknown> } | { problems: FieldProblem[] } {
  const given = readAs(draft, input, 'draft')
  return 'problems' in given ? given : { draft: given.read }
}
/** What is said in a trial where it is not consent. */
export function readWords(input: unknown): { words: FlowTrialWords } | { problems: FieldProblem[] } {
  const given = readAs(said, input, 'words')
  return 'problems' in given ? given : { words: given.read }
}
