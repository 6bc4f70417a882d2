import type { ClientResource, Field, Fields, FlowNames, FlowProblem } from '#model'
import { createContext, use } from 'react'
import { targetOf } from '../../definitions/catalog.ts'
import type { Designing } from './use-design.ts'
import type { Called } from './words.ts'

/** What the parts of the designer share. */
export interface DesignWorld extends Designing {
  /** The type it is drawn for. */
  resource: ClientResource
  names: FlowNames
  called: Called
  problems: readonly FlowProblem[]
}
export const DesignContext = createContext<DesignWorld | null>(null)
export function useWorld(): DesignWorld {
  const world = use(DesignContext)
  if (!world) throw new Error('not within a design')
  return world
}

/** The columns of a sub-table; null where the field is none. */
export const columnsOf = (field: Field | undefined): Fields | null =>
  field?.kind === 'rows' ? (field as Field<'rows'>).options.fields : null

export interface Option {
  value: string
  label: string
}
/** The type's fields that pass, by what they are called. */
export const fieldOptions = (resource: ClientResource, fits: (field: Field) => boolean = () => true): Option[] =>
  Object.entries(resource.fields)
    .filter(([, field]) => fits(field))
    .map(([value, field]) => ({ value, label: field.label }))
/** Who stands in it is known as a person; a record that is a person has the person's id. */
export const isPersonField = (field: Field): boolean =>
  field.kind === 'person' || (field.kind === 'reference' && targetOf(field) === 'staff.practitioner')
export const isUnitField = (field: Field): boolean => field.kind === 'unit'
export const isMomentField = (field: Field): boolean => field.kind === 'date' || field.kind === 'dateTime'

/** A sub-table's row as something that conditions ask about. */
export const rowResource = (resource: ClientResource, rows: string): ClientResource | null => {
  const field = resource.fields[rows]
  const fields = columnsOf(field)
  return fields && { ...resource, name: `${resource.name}/${rows}`, label: field!.label, fields, hasNoEnvelope: true, list: { columns: [], filters: [] } } // prettier-ignore
}
