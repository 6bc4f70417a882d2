import type { Fields } from '../fields/field.ts'
import type { Printable } from './automatic.ts'
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

/** GET /api/print-templates : what the hospital has drawn, and of which types it may draw. */
export interface PrintTemplateItem {
  name: string
  label: string
  resource: string
  resourceLabel: string
  isWord: boolean
  /** The version in force; null: none. */
  version: number | null
  draft: { at: string; by: string } | null
}
export interface PrintTemplateList {
  templates: PrintTemplateItem[]
  types: { name: string; label: string }[]
}
/** GET /api/print-templates/types/:resource : what a template of this type may name. */
export interface PrintType extends Printable {
  /** Fields of what its fields point at, by the name of that type. */
  targets: Record<string, { label: string; fields: Fields }>
  /** Fields that may be told to whoever looks a paper up. */
  tellable: string[]
  /** Steps of its approval, and the seals that are put on there. */
  steps: string[]
  seals: string[]
  roles: { name: string; label: string }[]
}
