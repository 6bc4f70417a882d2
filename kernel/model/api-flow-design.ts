import type { Filter } from './filter/filter.ts'
import type { ClientResource } from './api.ts'
import type { Flow } from './flow/definition.ts'

/** A flow as the list of the designer shows it. */
export interface FlowDesignItem {
  flow: string
  label: string
  /** `program`: as the product declares it; `hospital`: what the hospital published is in force. */
  from: 'program' | 'hospital'
  /** The product's own has changed since the hospital published what is in force. */
  programChanged: boolean
  /** Types whose records it decides on: by declaration, by binding, or because it was drawn for them. */
  resources: { name: string; label: string }[]
  /** The version in force; null: drawn and never published. */
  version: number | null
  publishedAt: string | null
  publishedBy: string | null
  draft: { revision: number; at: string; by: string } | null
  running: number
}

/** What is wrong, at which step of the drawing, and what to do about it. */
export interface FlowProblem {
  /** Path in the definition: `steps.1.then.0.by.0.role`. */
  path: string
  code: string
  message: string
  /** What to do, in words. */
  advice: string
}

/** A case that a flow must pass before it is published: an applicant, what he asks for, and the way it must go. */
export interface FlowTestCase {
  id: string
  label: string
  /** A person's id. */
  applicant: string
  /** The fields that the way depends on. */
  draft: Record<string, unknown>
  /** What is said at a step where it is not consent. */
  words?: FlowTrialWords
  /** How it ends, where somebody does not consent. */
  ends?: FlowTrialEnd
  /** The steps in their order; with people (ids): exactly these decide there, in any order. */
  expect: { step: string; people?: string[] }[]
}
/** By step: who is asked there refuses or returns; `lines`: only these of the lines, by their place from 0, and consents to the others. */
export type FlowTrialWords = Readonly<Record<string, { say: 'refuse' | 'return'; lines?: number[] }>>
export const flowTrialEnds = {
  approved: '通过',
  refused: '不通过',
  returned: '退回申请人',
  partly: '部分通过',
  waiting: '停在途中',
} as const
export type FlowTrialEnd = keyof typeof flowTrialEnds
export interface FlowTestResult {
  id: string
  passed: boolean
  /** What is otherwise than expected, in words. */
  differences: string[]
}

/** A flow as it is drawn. Without a draft of its own: what is in force, revision 0. */
export interface FlowDesign {
  flow: string
  /** The type that it is drawn for: whose fields its conditions and rights name. Empty: none, or several of which one is to be chosen. */
  resource: string
  /** Counts up with every saving; a stale one is answered 409 with both. */
  revision: number
  /** The version that the draft began from; null: from an empty page. */
  base: number | null
  definition: Flow<Filter>
  tests: FlowTestCase[]
  problems: FlowProblem[]
  /** What can be named in it. */
  names: FlowNames
  /** How the type looks, and those that it refers to: whoever draws need not be allowed to read a record of them. */
  types: ClientResource[]
  /** The hospital's own: the product declares none of its name. */
  isOwn: boolean
  /** What the product declares can count again in place of what the hospital published. */
  mayReturnToProgram: boolean
  /** While it is not known which type it is drawn for: those of which one is to be chosen. */
  choices: FlowName[]
}
/** What a definition may name, for the choices of the designer. */
export interface FlowNames {
  roles: FlowName[]
  posts: FlowName[]
  groups: FlowName[]
  offices: FlowName[]
  services: FlowName[]
  effects: FlowName[]
  seals: FlowName[]
  /** `card.value`, of those that give a stretch of time. */
  rules: FlowName[]
  /** `card.value`, of all. */
  ruleValues: FlowName[]
}
export interface FlowName {
  name: string
  label: string
}

/** Who would decide for this applicant, step by step. */
export interface FlowSimulation {
  steps: FlowSimulatedStep[]
  /** Why it cannot be started as it is, in words; empty when it can. */
  obstacles: string[]
  /** How it ends, where somebody does not consent; null: everybody does. */
  ends: FlowTrialEnd | null
}
export interface FlowSimulatedStep {
  step: string
  label: string
  kind: string
  /** Whom it waits for; `replaced`: by which rule he stands there (本人回避 → 上级 …). */
  people: { id: string; name: string; replaced: string | null }[]
  /** How many of them decide it, in words. */
  mode: string
  /** What is said there, in words; null where that is not asked. */
  said: string | null
  /** Why it is passed or skipped without anybody; null when somebody decides. */
  passedBy: string | null
  /** `YYYY-MM-DD HH:mm` when it would be due, were everything decided at once. */
  due: string | null
}
/** One difference of two versions, in words, at its step. */
export interface FlowDifference {
  /** Key of the step that it is about; null: the flow as a whole. */
  step: string | null
  place: string
  kind: 'added' | 'removed' | 'changed' | 'moved'
  words: string
}
export interface FlowVersionItem {
  version: number
  at: string
  by: string | null
  note: string
  from: 'program' | 'hospital'
  running: number
  inForce: boolean
}
/** What publishing would do, asked before it is done. */
export interface FlowPublishPreview {
  /** The draft that it is about: that one is published, or none. */
  revision: number
  problems: FlowProblem[]
  tests: FlowTestResult[]
  differences: FlowDifference[]
  /** What goes on under older versions. */
  running: number
}
/** A flow as a file: `GET /api/flow-designs/:flow/export`, and `file` of `POST /api/flow-designs/import`. */
export interface FlowFile {
  format: 'xinglin.flow'
  version: 1
  flow: string
  resource: string
  definition: Flow<Filter>
}
