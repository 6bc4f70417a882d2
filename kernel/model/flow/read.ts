import { filterProblem, readFilter, type Filter } from '../filter/filter.ts'
import type { FieldProblem } from '../refusals.ts'
import {
  approve, bounds, fill, flow, notify, parallel, seal, service, timer, when,
  type Admission, type Approve, type Decider, type Duration, type Fill, type Flow, type Fraction, type Handling, type Limit, type Mode, type Notify,
  type OnTimeout, type Parallel, type ReturnTarget, type Seal, type Service, type Step, type Timer, type VoteRule, type When,
} from './definition.ts' // prettier-ignore
import { isSame } from './same.ts'
import {
  either,
  isPlainObject,
  kinds,
  listOf,
  name,
  nested,
  number,
  oneOf,
  readAs,
  record,
  words,
  yesNo,
  type Shape,
  type Shapes,
} from './shapes.ts'

/** Reads a definition from outside: only what a definition may hold, within bounds; what is not said is filled in as the factories do. The name is given, never read. */
export function readFlow(input: unknown, called: string): { flow: Flow<Filter> } | { problems: FieldProblem[] } {
  const read = readAs(wholeFlow, input)
  if ('problems' in read) return read
  const { kind: _kind, name: _name, ...rest } = read.read
  return { flow: flow<Filter>(called, rest) }
}

const names = listOf(name, 300)
const plainMode = oneOf('anyOf', 'allOf', 'inOrder')
const isNumbers = (input: unknown): input is [number, number] =>
  Array.isArray(input) && input.length === 2 && input.every((one) => Number.isInteger(one) && one >= 0 && one <= 1000)
const fraction: Shape<Fraction> = (input, path, reading) =>
  isNumbers(input) ? ([...input] as const) : reading.say(path, '须为两个整数的分数')

const duration: Shape<Duration> = record(
  { unit: oneOf('workingHours', 'workingDays', 'hours', 'days'), amount: number(-100_000, 100_000) },
  ['unit', 'amount'],
)
const has =
  (key: string) =>
  (input: unknown): boolean =>
    isPlainObject(input) && Object.hasOwn(input, key)
const stated = record<{ rule: string }>({ rule: name }, ['rule'])
const limit: Shape<Limit> = either(has('rule'), stated, duration)

type Tag = 'kind' | 'do'
/** A shape whose kind, told apart already, belongs to what is read. */
const tagged = <T extends object>(tag: { kind: string } | { do: string }, shapes: Omit<Shapes<T>, Tag>, needed: readonly (keyof T & string)[]): Shape<T> => {
  const shape = record<T>(shapes as Shapes<T>, needed)
  return (input, path, reading) => {
    const read = shape(input, path, reading)
    return read && { ...tag, ...read }
  }
} // prettier-ignore
type DeciderOf<K extends Decider['kind']> = Extract<Decider, { kind: K }>
const decides = <K extends Decider['kind']>(
  kind: K,
  shapes: Omit<Shapes<DeciderOf<K>>, Tag>,
  needed: readonly (keyof DeciderOf<K> & string)[],
): Shape<Decider> => tagged<DeciderOf<K>>({ kind }, shapes, needed)
const decider: Shape<Decider> = nested(bounds.nested, () => deciders)
const deciders: Shape<Decider> = kinds<Decider>({
  people: decides('people', { people: listOf(name, 200) }, ['people']),
  role: decides('role', { role: name }, ['role']),
  post: decides('post', { post: name, unit: name }, ['post']),
  headOf: decides('headOf', { unit: name }, []),
  upper: decides('upper', { level: number(0, 20) }, ['level']),
  upperChain: decides('upperChain', { upTo: number(0, 20) }, ['upTo']),
  office: decides('office', { office: name, unit: name }, ['office']),
  group: decides('group', { group: name, unit: name }, ['group']),
  formField: decides('formField', { field: name }, ['field']),
  earlier: decides('earlier', { step: name }, ['step']),
  chosen: decides('chosen', { within: decider, max: number(1, 100), by: name }, []),
  administrator: decides('administrator', {}, []),
})

/** Weights are by person: any name may be a key, so each is read as one. */
const weights: Shape<NonNullable<VoteRule['weights']>> = (input, path, reading) => {
  if (!isPlainObject(input)) return reading.say(path, '格式不对')
  const entries = Object.entries(input)
  const read = entries.map(([person, weight]) => [name(person, path, reading), number(0, 1000)(weight, `${path}.${person.slice(0, 40)}`, reading)] as const) // prettier-ignore
  return read.every(([person, weight]) => person !== undefined && weight !== undefined) ? (Object.fromEntries(read) as Record<string, number>) : undefined // prettier-ignore
}
const share: Shape<VoteRule['share']> = either(
  has('moreThan'),
  record({ moreThan: fraction }, ['moreThan']),
  record({ atLeast: fraction }, ['atLeast']),
)
const vote = record<VoteRule>({ quorum: fraction, share, weights, tie: oneOf('refuse', 'chair'), chair: decider }, [
  'quorum',
  'share',
  'tie',
])
const mode: Shape<Mode> = either(has('vote'), record({ vote }, ['vote']), plainMode)

type Passed = Extract<OnTimeout, { to: Decider }>
type Alone = Exclude<OnTimeout, Passed>
const [after, handedOn] = [{ after: duration }, { to: decider, after: duration }]
const onTimeout: Shape<OnTimeout> = kinds<OnTimeout>(
  {
    remind: tagged<Alone>({ do: 'remind' }, after, []),
    escalate: tagged<Passed>({ do: 'escalate' }, handedOn, ['to']),
    pass: tagged<Passed>({ do: 'pass' }, handedOn, ['to']),
    approve: tagged<Alone>({ do: 'approve' }, after, []),
  },
  'do',
)
const returnTo: Shape<ReturnTarget> = either(has('step'), record({ step: name }, ['step']), oneOf('applicant'))
const selfPolicy = oneOf('ask', 'pass', 'skip', 'superior', 'administrator', 'recuse')
const act = oneOf(
  'approve', 'reject', 'return', 'decideItems', 'seal', 'transfer', 'addApprover', 'removeApprover', 'delegateTask', 'takeBack', 'copyTo', 'consult', 'bulkDecide',
) // prettier-ignore

const handling = {
  id: name,
  label: words(60),
  by: listOf(decider, bounds.deciders),
  mode,
  claim: yesNo,
  items: yesNo,
  mayEdit: names,
  see: names,
  hide: names,
  require: names,
  sign: yesNo,
  acts: listOf(act, 20),
  limit,
  onTimeout: listOf(onTimeout, bounds.stages),
  consultPauses: yesNo,
  onNobody: oneOf('administrator', 'superior', 'skip', 'refuse'),
  onSamePerson: selfPolicy,
  onApplicant: selfPolicy,
  onEdit: oneOf('askAgain', 'tell', 'nothing'),
  returnTo,
  meeting: record({ recorder: decider }, ['recorder']),
}
/** A step as it is read, made by its factory: what was not said is filled in there. */
const made =
  <R, T extends Step<Filter>>(shape: Shape<R>, make: (read: R) => T): Shape<T> =>
  (input, path, reading) => {
    if (++reading.steps > bounds.steps)
      return void (reading.steps === bounds.steps + 1 && reading.say(path, `步骤太多：最多 ${bounds.steps} 个`))
    const read = shape(input, path, reading)
    return read === undefined ? undefined : make(read)
  }
const condition: Shape<Filter> = (input, path, reading) => {
  const filter = readFilter(input)
  if (!filter) return reading.say(path, filterProblem(input) ?? '条件无法识别')
  return isSame(filter, input) ? filter : reading.say(path, '条件中有不认识的内容')
}
const steps: Shape<readonly Step<Filter>[]> = nested(bounds.nested, () => listOf(step, bounds.steps))
const step: Shape<Step<Filter>> = (input, path, reading) => anyStep(input, path, reading)
type Said<T, Needed extends keyof T> = Partial<Omit<T, 'kind'>> & Pick<T, Needed>
const handled = <T extends Handling>() => record<Said<T, 'id' | 'label' | 'by'>>(handling as Shapes<Said<T, 'id' | 'label' | 'by'>>, ['id', 'label', 'by']) // prettier-ignore
const told = listOf(
  either<'applicant', Decider>((one) => one === 'applicant', oneOf('applicant'), decider),
  bounds.deciders,
)
const untilWhen: Shape<Timer['until']> = either(has('field'), record({ field: name }, ['field']), limit)
const anyStep = kinds<Step<Filter>>({
  approve: made(handled<Approve>(), ({ id, label, ...options }) => approve(id, label, options)),
  fill: made(handled<Fill>(), ({ id, label, ...options }) => fill(id, label, options)),
  seal: made(record<Said<Seal, 'id' | 'label' | 'by' | 'seal'>>({ ...handling, seal: words(30) }, ['id', 'label', 'by', 'seal']), ({ id, label, ...options }) =>
    seal(id, label, options)),
  when: made(record<Said<When<Filter>, 'condition' | 'then'>>({ condition, then: steps, otherwise: steps }, ['condition', 'then']), (read) =>
    when(read.condition, read.then, read.otherwise)),
  notify: made(record<Omit<Notify, 'kind'>>({ who: told }, ['who']), ({ who }) => notify(...who)),
  service: made(record<Said<Service, 'id' | 'service'>>({ id: name, service: name, label: words(60), attempts: number(0, 100) }, ['id', 'service']), ({ id, service: called, ...options }) =>
    service(id, called, options)),
  timer: made(record<Omit<Timer, 'kind'>>({ id: name, label: words(60), until: untilWhen }, ['id', 'label', 'until']), ({ id, label, until }) => timer(id, label, until)),
  parallel: made(
    record<Said<Parallel<Filter>, 'id' | 'branches'>>({ id: name, label: words(60), branches: listOf(steps, bounds.branches), onRefuse: oneOf('endRequest', 'branchOnly'), reconcile: decider }, ['id', 'branches']),
    ({ id, branches, ...options }) => parallel(id, branches, options),
  ),
}) // prettier-ignore

const admission = record<Admission<Filter>>({ id: name, label: words(60), by: record<Admission['by']>({ rule: name, asOf: oneOf('start', 'decision') }, ['rule', 'asOf']), fact: name, lines: condition, explain: name, block: name }, ['id', 'label', 'by', 'fact']) // prettier-ignore
type SaidFlow = Omit<Partial<Flow<Filter>>, 'start'> & Pick<Flow<Filter>, 'label' | 'steps'> & { start?: Partial<Flow['start']> }
const wholeFlow: Shape<SaidFlow> = record<SaidFlow>(
  {
    kind: oneOf('flow'),
    name,
    label: words(60),
    title: words(200),
    summary: listOf(words(200), bounds.pieces),
    steps,
    items: record({ rows: name, narrow: name }, ['rows']),
    start: record<Partial<Flow['start']>>({ sign: yesNo, require: names }, []),
    urgeEveryHours: number(0, 10_000),
    effect: name,
    effectWhen: oneOf('together', 'perItem'),
    admissions: listOf(admission, bounds.admissions),
  },
  ['label', 'steps'],
)
