import { keysOf, type ClientResource, type Field, type LayoutElement } from '#model'

export type FormPart = { key: string; field: Field } | LayoutElement
export interface FieldGroup {
  label: string
  tab: string
  fields: [string, Field][]
  /** The fields with what stands between them. */
  parts: FormPart[]
}
/** Declared groups, then what no group names. */
export function groupsOf(resource: ClientResource, isShown: (key: string, field: Field) => boolean): FieldGroup[] {
  const entries = Object.entries(resource.fields).filter(([key, field]) => isShown(key, field))
  const shown = new Map(entries)
  const grouped = new Set(resource.groups.flatMap(keysOf))
  const hasTabs = resource.groups.some((group) => group.tab)
  const named = resource.groups.map((group) => ({
    label: group.label,
    tab: group.tab ?? '',
    fields: entries.filter(([key]) => group.fields.includes(key)),
    parts: group.fields.flatMap((one): FormPart[] =>
      typeof one !== 'string' ? [one] : shown.has(one) ? [{ key: one, field: shown.get(one)! }] : [],
    ),
  }))
  const others = entries.filter(([key]) => !grouped.has(key))
  const rest = {
    label: named.length ? '其他' : '',
    tab: hasTabs ? '其他' : '',
    fields: others,
    parts: others.map(([key, field]) => ({ key, field })),
  }
  // What stands in no tab stands in the first.
  const first = named.find((group) => group.tab)?.tab ?? ''
  return [...named.map((group) => ({ ...group, tab: group.tab || first })), rest].filter((group) => group.fields.length > 0)
}
/** The tabs in their order; one alone is none. */
export const tabsOf = (groups: readonly FieldGroup[]): string[] => [...new Set(groups.map((group) => group.tab))]
