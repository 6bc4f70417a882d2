import type { Paper } from './template.ts'

/** One way in which a record may be printed. */
export interface PrintChoice {
  /** Null for the layouts that the product makes: `automatic`, `label`. */
  name: string
  label: string
  paper: Paper
  isWord: boolean
}
/** GET /api/prints/:resource : how records of this type may be printed by this person. */
export interface PrintChoices {
  choices: PrintChoice[]
}
/** What stands on a paper, for who follows its code. `changed`: the record has been changed since; `voided`: it was deleted, or holds no longer. */
export interface VerifiedPrint {
  hospital: string
  kind: string
  template: string
  number: string
  printedOn: string
  shown: { label: string; text: string }[]
  state: 'valid' | 'changed' | 'voided'
  asOf: string
}
