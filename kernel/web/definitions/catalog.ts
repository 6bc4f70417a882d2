import {
  dayOf, envelopeFields, matches, readPath, text,
  type ClientDefinitions, type ClientResource, type ClientUnit, type Field, type Filter, type FilterWorld,
} from '#model' // prettier-ignore

/** A column or condition, found by its path. */
export interface Found {
  path: string
  label: string
  /** Where it stands beside others of its kind: without the names of the references on the way. */
  short: string
  field: Field
  /** The asker sees it masked. */
  isMasked?: boolean
}

const unknown: Field = text('')

/** The effective definitions, with what pages ask of them. */
export class Catalog {
  readonly definitions: ClientDefinitions
  readonly units: ReadonlyMap<string, ClientUnit>
  readonly unitChildren: ReadonlyMap<string | null, readonly ClientUnit[]>
  private readonly resources: ReadonlyMap<string, ClientResource>
  private readonly found = new Map<string, Found | null>()

  constructor(definitions: ClientDefinitions) {
    this.definitions = definitions
    this.resources = new Map(definitions.resources.map((r) => [r.name, r]))
    this.units = new Map(definitions.units.map((u) => [u.id, u]))
    const children = new Map<string | null, ClientUnit[]>()
    for (const u of definitions.units) {
      const parent = u.parent && this.units.has(u.parent) ? u.parent : null
      children.set(parent, [...(children.get(parent) ?? []), u])
    }
    this.unitChildren = children
  }

  resource(name: string): ClientResource | undefined {
    return this.resources.get(name)
  }
  get all(): readonly ClientResource[] {
    return this.definitions.resources
  }

  /** Which units pass a filter over what the page knows of them; without one all do. */
  unitsFitting(filter: Filter | null): (unit: ClientUnit) => boolean {
    if (!filter) return () => true
    const isUnder = (unit: string, above: string): boolean => {
      for (let at: string | null | undefined = unit; at; at = this.units.get(at)?.parent) if (at === above) return true
      return false
    }
    const world: FilterWorld = { today: dayOf(new Date()), isUnder, read: readPath }
    return (unit) => matches(filter, { ...unit }, world)
  }

  /** Follows `practitioner.title` from a resource; null when the path leads nowhere the asker may see. */
  find(resource: ClientResource, path: string): Found | null {
    const key = `${resource.name}/${path}`
    const known = this.found.get(key)
    if (known !== undefined) return known
    const found = this.follow(resource, path)
    this.found.set(key, found)
    return found
  }
  private follow(resource: ClientResource, path: string): Found | null {
    const keys = path.split('.')
    let at: ClientResource | undefined = resource
    const labels: string[] = []
    for (const key of keys.slice(0, -1)) {
      const field: Field | undefined = at?.fields[key]
      const target = field && targetOf(field)
      if (!field || !target) return null
      labels.push(field.label)
      at = this.resources.get(target)
      // The target itself is out of the asker's sight, its column may still be answered.
      if (!at) return { path, label: labels.join(' · '), short: labels.at(-1) ?? path, field: unknown }
    }
    const key = keys.at(-1) ?? ''
    const field = at?.fields[key] ?? envelopeFields[key]
    if (!field) return null
    const last = labels.at(-1)
    return {
      path,
      label: last && field.label !== last ? `${last}${field.label}` : field.label,
      short: field.label,
      field,
      isMasked: at?.masked?.includes(key) ?? false,
    }
  }

  /** 总院 / 外科片区 / 骨科 */
  unitPath(id: string): string {
    const names: string[] = []
    for (let u = this.units.get(id); u && names.length < 12; u = u.parent ? this.units.get(u.parent) : undefined) names.unshift(u.name)
    return names.join(' / ')
  }
  unitName = (id: string): string | undefined => this.units.get(id)?.name
}

export const targetOf = (field: Field): string | undefined => ('target' in field.options ? field.options.target : undefined)
