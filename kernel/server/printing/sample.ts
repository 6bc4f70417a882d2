import {
  columnsOf,
  dayOf,
  type ApiRecord,
  type Choices,
  type Field,
  type FieldKind,
  type Fields,
  type KindOptions,
  type Titles,
} from '#model'
import type { Kernel } from '../kernel.ts'
import type { Printing, PrintSource } from './source.ts'

const id = '00000000-0000-7000-8000-000000000000'
const firstOf = ({ options }: Field): string => Object.keys((options as { choices?: Choices }).choices ?? {})[0] ?? ''
type Make = (field: Field, day: string) => unknown
/** What a field of each kind might say: enough to see how it will look. Kinds that are not named say nothing. */
const makers: Partial<Record<FieldKind, Make>> = {
  text: ({ label }) => label,
  longText: ({ label }) => `${label}的示例文字。`.repeat(3),
  integer: () => 12,
  counter: () => 3,
  slider: () => 5,
  rating: () => 4,
  decimal: (field) => (12.5).toFixed((field.options as KindOptions['decimal']).scale),
  money: () => '1234.50',
  boolean: () => true,
  switch: () => true,
  date: (_field, day) => day,
  dateTime: (_field, day) => `${day}T04:00:00Z`,
  time: () => '08:30',
  year: (_field, day) => Number(day.slice(0, 4)),
  yearMonth: (_field, day) => day.slice(0, 7),
  choice: firstOf,
  choices: (field) => [firstOf(field)].filter(Boolean),
  person: () => id,
  unit: () => id,
  reference: () => id,
  tree: () => id,
  references: () => [id],
  phone: () => '138****0000',
  identityNumber: () => '4403**********0000',
  autoNumber: ({ options }) => `${(options as KindOptions['autoNumber']).prefix}0001`,
  email: () => 'name@example.com',
  url: () => 'https://example.com',
  tags: () => ['标签'],
  barcode: () => '6901234567892',
  dateRange: (_field, day) => ({ from: day, to: day }),
}
const valuesOf = (fields: Fields, day: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, valueOf(field, day)]))
function valueOf(field: Field, day: string): unknown {
  if (field.kind === 'rows') return [1, 2].map((n) => ({ id: `${n}`, ...valuesOf(columnsOf(field), day) }))
  return makers[field.kind]?.(field, day) ?? null
}

/** A record that nobody has: what a template is looked at with while it is drawn. */
export function sampleSource(kernel: Kernel, resource: string, printing: Printing): PrintSource {
  const c = kernel.resource(resource)
  const { at, by } = printing.mark
  const moment = at.toISOString()
  const record = {
    ...valuesOf(c.r.fields, dayOf(at)), id, version: 1, state: 'approved', createdAt: moment, createdBy: null, updatedAt: moment, updatedBy: null, deletedAt: null,
  } as ApiRecord
  const titles: Titles = Object.fromEntries([...kernel.defs.resources.values()].map((r) => [r.name, { [id]: r.table === 'directory.person' ? '张三' : r.table === 'directory.unit' ? '示例科室' : r.label }]))
  const along = new Proxy({}, { get: (_none, path) => alongValue(kernel, resource, String(path), dayOf(at)) })
  return { kernel, c, record, titles, along, approval: null, seals: [], printing, names: { createdBy: by, updatedBy: by } }
} // prettier-ignore
function alongValue(kernel: Kernel, resource: string, path: string, day: string): unknown {
  const field = kernel.defs.path(resource, path)?.field
  return field ? valueOf(field, day) : null
}
