import type {
  Automation,
  AutomationAct,
  AutomationDesk,
  AutomationNames,
  AutomationWhen,
  ClientResource,
  DesignProblem,
  Fields,
  WhenKind,
} from '#model'
import { hasRecord, mayComeByFile } from '#model'
import type { Catalog } from '../definitions/catalog.ts'

export const automationsKey = ['automations'] as const
export const urlOf = (name: string): string => `/automations/${encodeURIComponent(name)}`
export const apiOf = (name: string, rest = ''): string => `/api/automations/${encodeURIComponent(name)}${rest}`

/** What every card of the designer works with. */
export interface Drawing {
  automation: Automation
  desk: AutomationDesk
  names: AutomationNames
  /** The type it is about; none where it is about no record. */
  resource: ClientResource | undefined
  typeOf: (name: string) => ClientResource | undefined
  problems: readonly DesignProblem[]
  change: (part: Partial<Automation>, about?: string) => void
}
/** Names as the words of an automation want them, out of what the page was told. */
export const namesOf = (desk: AutomationDesk, catalog: Catalog, medicalOffice: string): AutomationNames => ({
  resources: new Map(desk.types.map((type) => [type.name, type])),
  roles: new Map(desk.roles.map(({ name, label }) => [name, { label: label.replaceAll('{medicalOffice}', medicalOffice) }])),
  path: (resource, path) => {
    const type = catalog.resource(resource)
    const found = type ? catalog.find(type, path) : null
    return found ? { field: found.field } : null
  },
})
/** Another moment, with what the usual one of its kind begins with. */
export function whenOf(kind: WhenKind, fields: Fields): AutomationWhen {
  if (kind === 'changed') return { kind, fields: [] }
  if (kind === 'schedule') return { kind, rhythm: { every: 'workday' }, at: 480, each: false }
  if (kind === 'date') return { kind, date: Object.entries(fields).find(([, field]) => field.kind === 'date')?.[0] ?? '', days: 7, at: 480 }
  return { kind }
}
/** The automation under another moment: what has no meaning there goes. */
export function withWhen(automation: Automation, when: AutomationWhen): Automation {
  const { onImport, ...rest } = automation
  const next = { ...rest, when, was: when.kind === 'changed' ? rest.was : null, ...(onImport && mayComeByFile(when) ? { onImport } : {}) }
  return hasRecord(next)
    ? next
    : { ...next, where: null, resource: when.kind === 'webhook' || when.kind === 'schedule' ? next.resource : '' }
}
export function newAct(kind: AutomationAct['kind'], isAboutRecord: boolean): AutomationAct {
  if (kind === 'create') return { kind, resource: '', values: [] }
  if (kind === 'update') return { kind, at: null, values: [] }
  if (kind === 'webhook') return { kind, url: '', fields: [] }
  return { kind, whom: isAboutRecord ? [] : [{ who: 'people', people: [], gathered: false }], title: '', text: '' }
}
