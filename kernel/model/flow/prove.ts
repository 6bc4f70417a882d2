import type { Approve, Decider, Flow, Fraction, Step, StepAct, StepId } from './definition.ts'

/** What is wrong with a definition, and where. The code is for programs, the message for the person who drew it. */
export interface Problem {
  readonly path: string
  readonly code: string
  readonly message: string
}
/** The names that exist. What is not given is not asked. */
export interface Known<F> {
  isRole?(name: string): boolean
  isPost?(name: string): boolean
  isGroup?(name: string): boolean
  isField?(name: string): boolean
  isService?(name: string): boolean
  isEffect?(name: string): boolean
  /** What is wrong with a condition, in words. */
  checkCondition?(condition: F): readonly string[]
}

const built: readonly StepAct[] = ['approve', 'reject', 'return', 'decideItems', 'transfer']

/** Proves a definition as it is loaded or published: names known, every step reachable and decidable, votes sane. Empty when it is right. */
export function prove<F>(definition: Flow<F>, known: Known<F> = {}): Problem[] {
  const prover = new Prover(definition, known)
  prover.steps(definition.steps, 'steps', [])
  if (prover.approvals === 0) prover.say('steps', 'noDecider', '流程中没有审批步骤')
  for (const field of definition.start.require) prover.field('start.require', field)
  if (definition.items) prover.field('items', definition.items.rows)
  if (definition.effect) prover.name('effect', definition.effect, known.isEffect, 'unknownEffect', '没有这个生效处理')
  if (definition.effectWhen !== 'together') prover.say('effectWhen', 'notBuilt', '暂不支持逐项生效')
  return prover.problems
}

type Side<F> = { readonly condition: F; readonly isHeld: boolean }

class Prover<F> {
  readonly problems: Problem[] = []
  approvals = 0
  readonly #definition: Flow<F>
  readonly #known: Known<F>
  readonly #ids = new Set<StepId>()
  readonly #decidedBefore = new Map<StepId, readonly Side<F>[]>()
  #around: readonly Side<F>[] = []

  constructor(definition: Flow<F>, known: Known<F>) {
    this.#definition = definition
    this.#known = known
  }

  say(path: string, code: string, message: string): void {
    this.problems.push({ path, code, message })
  }

  name(path: string, name: string, isKnown: ((name: string) => boolean) | undefined, code: string, message: string): void {
    if (isKnown && !isKnown(name)) this.say(path, code, `${message}：${name}`)
  }

  field(path: string, field: string): void {
    this.name(path, field, this.#known.isField?.bind(this.#known), 'unknownField', '没有这个字段')
  }

  steps(steps: readonly Step<F>[], path: string, around: readonly Side<F>[]): void {
    steps.forEach((step, place) => this.#step(step, `${path}.${place}`, around))
  }

  #step(step: Step<F>, path: string, around: readonly Side<F>[]): void {
    this.#around = around
    if (step.kind === 'approve') this.#approve(step, path)
    else if (step.kind === 'notify') step.who.forEach((who) => who !== 'applicant' && this.#decider(who, `${path}.who`))
    else if (step.kind === 'service') {
      this.#id(step.id, path)
      this.name(path, step.service, this.#known.isService?.bind(this.#known), 'unknownService', '没有这个服务')
    } else if (step.kind === 'parallel') this.say(path, 'notBuilt', '暂不支持并行分支')
    else {
      const { condition, then, otherwise } = step
      for (const problem of this.#known.checkCondition?.(condition) ?? []) this.say(path, 'badCondition', problem)
      if (then.length + otherwise.length === 0) this.say(path, 'emptyBranch', '条件的两个分支都是空的')
      const before = around.find((one) => JSON.stringify(one.condition) === JSON.stringify(condition))
      if (before && (before.isHeld ? otherwise : then).length > 0)
        this.say(path, 'unreachable', '外层条件已经决定了这里，一侧分支永远走不到')
      this.steps(then, `${path}.then`, [...around, { condition, isHeld: true }])
      this.steps(otherwise, `${path}.otherwise`, [...around, { condition, isHeld: false }])
    }
  }

  #id(id: StepId, path: string): void {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(id) || id === 'start') this.say(path, 'badId', `步骤编号不合规则：${id}`)
    if (this.#ids.has(id)) this.say(path, 'duplicateId', `步骤编号重复：${id}`)
    this.#ids.add(id)
  }

  #approve(step: Approve, path: string): void {
    this.approvals++
    this.#id(step.id, path)
    if (step.by.length === 0) this.say(path, 'noDecider', `“${step.label}”没有指定审批人`)
    for (const decider of step.by) this.#decider(decider, `${path}.by`)
    if (step.items && !this.#definition.items) this.say(path, 'noItems', `“${step.label}”逐项审批，但流程没有指定明细`)
    if (!step.acts.includes('approve') && !step.acts.includes('decideItems'))
      this.say(path, 'undecidable', `“${step.label}”没有可以作出决定的操作`)
    if (!step.acts.includes('approve') && !step.items && typeof step.mode !== 'object')
      this.say(path, 'undecidable', `“${step.label}”不逐项审批，须允许同意`)
    for (const act of step.acts.filter((one) => !built.includes(one))) this.say(path, 'notBuilt', `暂不支持操作：${act}`)
    if (step.onEdit === 'askAgain' && step.mayEdit.length > 0) this.say(path, 'notBuilt', '暂不支持修改后重新征求前面的审批人')
    for (const field of [...step.mayEdit, ...step.hide, ...step.require]) this.field(path, field)
    const hidden = [...step.mayEdit, ...step.require].filter((field) => step.hide.includes(field))
    if (hidden.length > 0) this.say(path, 'undecidable', `隐藏的字段不能又要求填写：${hidden.join('、')}`)
    if (step.limit && !(step.limit.amount > 0)) this.say(path, 'badLimit', '时限须大于零')
    for (const timeout of step.onTimeout) if (timeout.do !== 'remind') this.#decider(timeout.to, `${path}.onTimeout`)
    if (step.onTimeout.length > 0 && !step.limit) this.say(path, 'badLimit', '设置了超时处理，但没有时限')
    if (step.returnTo !== 'applicant') this.#earlier(step.returnTo.step, `${path}.returnTo`, true)
    if (step.meeting) this.#decider(step.meeting.recorder, `${path}.meeting`)
    this.#mode(step, path)
    this.#decidedBefore.set(step.id, this.#around)
  }

  #mode(step: Approve, path: string): void {
    if (typeof step.mode !== 'object') {
      if (step.meeting) this.say(path, 'badVote', '只有票决步骤可以录入会议结果')
      if (step.onApplicant === 'recuse' || step.onSamePerson === 'recuse') this.say(path, 'badVote', '只有票决步骤有回避')
      return
    }
    const { quorum, share, weights, tie, chair } = step.mode.vote
    const part = 'moreThan' in share ? share.moreThan : share.atLeast
    if (!isShare(quorum) || !isShare(part)) this.say(path, 'badVote', '法定人数和通过比例须是零到一之间的分数')
    if ('moreThan' in share && part[0] >= part[1]) this.say(path, 'badVote', '“多于全体”的票数永远达不到')
    if (tie === 'chair' && !chair) this.say(path, 'badVote', '平票由主持人决定，但没有指定主持人')
    if (chair) this.#decider(chair, `${path}.chair`)
    const weighted = Object.values(weights ?? {})
    if (weighted.some((one) => !(Number.isInteger(one) && one > 0))) this.say(path, 'badVote', '票权须为正整数')
    if (weighted.length > 0 && step.meeting) this.say(path, 'badVote', '按权重表决的步骤不能只录入会议票数')
    if (!['recuse', 'skip'].includes(step.onApplicant) || !['ask', 'skip', 'recuse'].includes(step.onSamePerson)) {
      this.say(path, 'badVote', '票决中申请人须回避，且不能自动计票或交他人代投')
    }
    if (step.onNobody === 'superior') this.say(path, 'badVote', '票决不能交给上级一人决定')
    if (step.acts.includes('transfer') || step.acts.includes('return')) this.say(path, 'badVote', '票决中个人不能转办或退回')
  }

  #decider(decider: Decider, path: string): void {
    const { isRole, isPost, isGroup } = this.#known
    if (decider.kind === 'people' && decider.people.length === 0) this.say(path, 'noDecider', '没有指定人员')
    if (decider.kind === 'role') this.name(path, decider.role, isRole?.bind(this.#known), 'unknownRole', '没有这个角色')
    if (decider.kind === 'post') this.name(path, decider.post, isPost?.bind(this.#known), 'unknownPost', '没有这个岗位')
    if (decider.kind === 'group') this.name(path, decider.group, isGroup?.bind(this.#known), 'unknownGroup', '没有这个小组')
    if (decider.kind === 'formField') this.field(path, decider.field)
    if ('unit' in decider && decider.unit !== undefined) this.field(path, decider.unit)
    if (decider.kind === 'upper' && !(Number.isInteger(decider.level) && decider.level > 0))
      this.say(path, 'badLevel', '上级层数须为正整数')
    if (decider.kind === 'earlier') this.#earlier(decider.step, path, false)
    if (decider.kind === 'chosen' && decider.within) this.#decider(decider.within, path)
  }

  /** Earlier on every path when it must have been passed; at least not on the other side of the same condition. */
  #earlier(step: StepId, path: string, mustBePassed: boolean): void {
    const sides = this.#decidedBefore.get(step)
    if (!sides) return this.say(path, 'notEarlier', `这不是前面的审批步骤：${step}`)
    const isHere = (side: Side<F>): boolean => this.#around.some((one) => one.condition === side.condition && one.isHeld === side.isHeld)
    const isOpposite = (side: Side<F>): boolean =>
      this.#around.some((one) => one.condition === side.condition && one.isHeld !== side.isHeld)
    if (mustBePassed ? !sides.every(isHere) : sides.some(isOpposite)) this.say(path, 'notOnPath', `到达这里时不一定经过该步骤：${step}`)
  }
}

const isShare = ([over, under]: Fraction): boolean => Number.isInteger(over) && Number.isInteger(under) && over > 0 && over <= under
