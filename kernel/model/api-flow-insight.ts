/** GET /api/flow-insight: how approvals that began in a span of days went. Hours are those of the clock, nights and holidays with them. */
export interface FlowInsight {
  flows: FlowInsightFlow[]
  /** Of the flow that was asked for; empty without one. */
  steps: FlowInsightStep[]
  people: FlowInsightPerson[]
  paths: { steps: string[]; count: number }[]
  stuck: FlowInsightWaiting[]
  /** What the flow that was asked for is called; null without one. */
  flowLabel: string | null
  /** Lists that hold only their first. */
  cut: ('people' | 'paths' | 'stuck')[]
}
export interface FlowInsightFlow {
  flow: string
  label: string
  started: number
  running: number
  approved: number
  refused: number
  withdrawn: number
  /** How many were returned at least once. */
  returned: number
  /** From the beginning to the end, of those that have ended; null while none has. */
  medianHours: number | null
  slowHours: number | null
}
interface Waiting {
  /** Decided tasks, and how long half of them, and nine of ten, waited at most. */
  done: number
  medianHours: number | null
  slowHours: number | null
  open: number
  /** Of what is open or was done: after its time. */
  late: number
}
export interface FlowInsightStep extends Waiting {
  step: string
  label: string
}
export interface FlowInsightPerson extends Waiting {
  person: string
  personName: string
  unitName: string
}
/** What waits longest. */
export interface FlowInsightWaiting {
  instance: string
  number: string
  flowLabel: string
  stepLabel: string
  people: string[]
  since: string
  /** Whether who asks may open it. */
  mayOpen: boolean
}
