import { durationProblem } from '../clock/duration.ts'
import type { Flow, Handled, Limit, Notify, Parallel, Service, Step, StepId, Timer, When } from './definition.ts'
import type { ProblemCode } from './advice.ts'
import { proveAdmissions, proveLooked } from './prove-admissions.ts'
import { proveDecider, proveHandled } from './prove-handled.ts'

/** What is wrong with a definition, and where. The code is for programs, the message for the person who drew it. */
export interface Problem {
  readonly path: string
  readonly code: ProblemCode
  readonly message: string
}
/** The names that exist. What is not given is not asked. */
export interface Known<F> {
  isRole?(name: string): boolean
  isPost?(name: string): boolean
  isGroup?(name: string): boolean
  isOffice?(name: string): boolean
  isPerson?(id: string): boolean
  isField?(name: string): boolean
  /** Whether it is a column of a sub-table, `items.level`. */
  isColumn?(path: string): boolean
  /** Whether it is a column without which no row is. */
  isNeeded?(path: string): boolean
  isService?(name: string): boolean
  isEffect?(name: string): boolean
  isRule?(name: string): boolean
  /** Whether a line's field has a declared order from mild to strict. */
  isOrdered?(rows: string, field: string): boolean
  /** What is wrong with a condition, in words. */
  checkCondition?(condition: F): readonly string[]
  /** What is wrong with a condition on a line, in words. */
  checkLines?(rows: string, condition: F): readonly string[]
}

/** Proves a definition as it is loaded or published: names known, every step reachable and decidable, votes sane. Empty when it is right. */
export function prove<F>(definition: Flow<F>, known: Known<F> = {}): Problem[] {
  const prover = new Prover(definition, known)
  if (!definition.label.trim()) prover.say('label', 'noLabel', '流程没有名称')
  prover.steps(definition.steps, 'steps', { conditions: [], branches: [] })
  if (prover.handled === 0) prover.say('steps', 'noDecider', '流程中没有审批步骤')
  for (const field of definition.start.require) prover.part('start.require', field)
  if (definition.items) prover.field('items', definition.items.rows)
  if (definition.effect) prover.name('effect', definition.effect, known.isEffect, 'unknownEffect', '没有这个生效处理')
  if (definition.effectWhen === 'perItem' && !definition.items) prover.say('effectWhen', 'noItems', '逐项生效，但流程没有指定明细')
  proveAdmissions(prover)
  if (!(definition.urgeEveryHours >= 0)) prover.say('urgeEveryHours', 'badLimit', '催办间隔不能为负')
  return prover.problems
}

/** Where a step stands: inside which sides of conditions and which branches. */
export interface Around<F> {
  readonly conditions: readonly { readonly condition: F; readonly isHeld: boolean }[]
  readonly branches: readonly { readonly parallel: StepId; readonly branch: number }[]
}

/** Walks a definition in its order and keeps what is wrong. */
export class Prover<F> {
  readonly problems: Problem[] = []
  handled = 0
  around: Around<F> = { conditions: [], branches: [] }
  readonly definition: Flow<F>
  readonly known: Known<F>
  readonly #ids = new Set<StepId>()
  readonly #before = new Map<StepId, Around<F>>()

  constructor(definition: Flow<F>, known: Known<F>) {
    this.definition = definition
    this.known = known
  }

  say(path: string, code: ProblemCode, message: string): void {
    this.problems.push({ path, code, message })
  }

  name(path: string, name: string, isKnown: ((name: string) => boolean) | undefined, code: ProblemCode, message: string): void {
    if (isKnown && !isKnown.call(this.known, name)) this.say(path, code, `${message}：${name}`)
  }

  /** A field of the record itself. */
  field(path: string, field: string): void {
    if (field.includes('.')) this.say(path, 'unknownField', `只能用申请本身的字段：${field}`)
    else this.path(path, field)
  }

  /** A field of the record itself, or a column of one of its sub-tables. */
  part(path: string, part: string): void {
    if (part.includes('.')) this.name(path, part, this.known.isColumn, 'unknownField', '没有这一列')
    else this.path(path, part)
  }

  /** A field, or what a reference leads to. */
  path(path: string, field: string): void {
    this.name(path, field, this.known.isField, 'unknownField', '没有这个字段')
  }

  limit(path: string, limit: Limit): void {
    if ('rule' in limit) this.name(path, limit.rule, this.known.isRule, 'unknownRule', '没有这张规则卡')
    else {
      const problem = durationProblem(limit)
      if (problem) this.say(path, 'badLimit', problem)
    }
  }

  steps(steps: readonly Step<F>[], path: string, around: Around<F>): void {
    steps.forEach((step, place) => {
      this.around = around
      const here = `${path}.${place}`
      if (step.kind === 'notify') this.#notify(step, here)
      else if (step.kind === 'when') this.#when(step, here, around)
      else if (step.kind === 'parallel') this.#parallel(step, here, around)
      else if (step.kind === 'service') this.#service(step, here)
      else if (step.kind === 'timer') this.#timer(step, here)
      else this.#handled(step, here, around)
    })
  }

  /**
   * A step named by a later one. It must lie before it and not in a branch beside it; `mustBePassed`: on every way that leads here.
   * Steps of branches that have joined are passed, but only a whole request may go back into one (semantics 10).
   */
  earlier(step: StepId, path: string, mustBePassed: boolean, isWhole = true): void {
    const there = this.#before.get(step)
    if (!there) return this.say(path, 'notEarlier', `这不是前面的审批步骤：${step}`)
    const { conditions, branches } = this.around
    const isBeside = there.branches.some((one) => branches.some((here) => here.parallel === one.parallel && here.branch !== one.branch))
    if (isBeside) return this.say(path, 'siblingBranch', `不能指向并行的另一分支：${step}`)
    const isInside = there.branches.some((one) => !branches.some((here) => here.parallel === one.parallel))
    if (!isWhole && isInside) return this.say(path, 'notOnPath', `逐项退回不能回到已汇合的分支中：${step}`)
    type Side = Around<F>['conditions'][number]
    const isHere = (side: Side): boolean => conditions.some((one) => one.condition === side.condition && one.isHeld === side.isHeld)
    const isOpposite = (side: Side): boolean => conditions.some((one) => one.condition === side.condition && one.isHeld !== side.isHeld)
    if (mustBePassed ? !there.conditions.every(isHere) : there.conditions.some(isOpposite))
      this.say(path, 'notOnPath', `到达这里时不一定经过该步骤：${step}`)
  }

  /** Whether an earlier step lies in a branch. */
  liesInBranch(step: StepId): boolean {
    return (this.#before.get(step)?.branches.length ?? 0) > 0
  }

  #named({ id, label }: { id: StepId; label: string }, path: string): void {
    this.#id(id, path)
    if (!label.trim()) this.say(path, 'noLabel', '步骤没有名称')
  }

  #id(id: StepId, path: string): void {
    if (!isStepId(id)) this.say(path, 'badId', `步骤编号不合规则：${id}`)
    if (this.#ids.has(id)) this.say(path, 'duplicateId', `步骤编号重复：${id}`)
    this.#ids.add(id)
  }

  #handled(step: Handled, path: string, around: Around<F>): void {
    this.handled++
    this.#named(step, path)
    proveHandled(this, step, path)
    proveLooked(this, step)
    this.#before.set(step.id, around)
  }

  #notify({ who }: Notify, path: string): void {
    for (const one of who) if (one !== 'applicant') proveDecider(this, one, `${path}.who`)
  }

  #service(step: Service, path: string): void {
    this.#named(step, path)
    this.name(path, step.service, this.known.isService, 'unknownService', '没有这个服务')
    if (!(Number.isInteger(step.attempts) && step.attempts > 0)) this.say(path, 'badRetry', '调用次数须为正整数')
  }

  #timer(step: Timer, path: string): void {
    this.#named(step, path)
    if ('field' in step.until) this.field(`${path}.until`, step.until.field)
    else this.limit(`${path}.until`, step.until)
  }

  #when({ condition, then, otherwise }: When<F>, path: string, around: Around<F>): void {
    for (const problem of this.known.checkCondition?.(condition) ?? []) this.say(path, 'badCondition', problem)
    if (then.length + otherwise.length === 0) this.say(path, 'emptyBranch', '条件的两个分支都是空的')
    const before = around.conditions.find((one) => JSON.stringify(one.condition) === JSON.stringify(condition))
    if (before && (before.isHeld ? otherwise : then).length > 0) this.say(path, 'unreachable', '外层条件已经决定了这里，一侧分支永远走不到')
    const side = (isHeld: boolean): Around<F> => ({ ...around, conditions: [...around.conditions, { condition, isHeld }] })
    this.steps(then, `${path}.then`, side(true))
    this.steps(otherwise, `${path}.otherwise`, side(false))
  }

  #parallel(step: Parallel<F>, path: string, around: Around<F>): void {
    this.#named(step, path)
    proveDecider(this, step.reconcile, `${path}.reconcile`)
    if (step.branches.length < 2) this.say(path, 'emptyBranch', '并行须有两个以上分支')
    step.branches.forEach((branch, nth) => {
      const here = `${path}.branches.${nth}`
      if (branch.length === 0) this.say(here, 'emptyBranch', '并行的分支是空的')
      this.steps(branch, here, { ...around, branches: [...around.branches, { parallel: step.id, branch: nth }] })
    })
    const { items } = this.definition
    const narrowing = step.branches.filter((branch) => everyStep(branch).some((one) => 'mode' in one && one.items))
    const isUnordered = items?.narrow !== undefined && this.known.isOrdered?.(items.rows, items.narrow) === false
    if (isUnordered && narrowing.length > 1) this.say(path, 'incomparable', `两个分支都可缩小范围，但字段没有规定宽严顺序：${items.narrow}`)
  }
}

/** Whether words can be the id of a step. */
export const isStepId = (id: string): boolean => /^[A-Za-z][A-Za-z0-9_-]*$/.test(id) && id !== 'start' && id !== 'end'

/** All steps, inner ones too. */
export function everyStep<F>(steps: readonly Step<F>[]): Step<F>[] {
  return steps.flatMap((step) => {
    if (step.kind === 'when') return [step, ...everyStep(step.then), ...everyStep(step.otherwise)]
    return step.kind === 'parallel' ? [step, ...step.branches.flatMap(everyStep)] : [step]
  })
}
