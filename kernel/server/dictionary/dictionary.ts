import {
  isProtected,
  choiceLabel,
  kindLabels,
  kindOf,
  type Choices,
  type DictionaryAnswer,
  type DictionaryColumn,
  type DictionaryTable,
  type Field,
  type Fields,
} from '#model'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { blindOf, columnOf, snake, tagsOf } from '../store/naming.ts'
import { timelineTable } from '../store/schema.ts'
import { columnLabels, tableLabels } from './words.ts'

interface StoredColumn {
  table: string
  name: string
  type: string
  required: boolean
}
/** Every table of the database with its columns and indexes, and what the declarations say of each. */
export async function dictionaryOf(kernel: Kernel, db: Queryable): Promise<DictionaryAnswer> {
  const columns = await db.query<StoredColumn & object>(
    `SELECT n.nspname || '.' || c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public') ORDER BY 1, a.attnum`,
  )
  const indexes = await db.query<{ table: string; name: string; definition: string; unique: boolean }>(
    `SELECT n.nspname || '.' || c.relname AS "table", i.relname AS name, substring(pg_get_indexdef(i.oid) FROM ' USING (.*)$') AS definition, x.indisunique AS "unique"
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public') ORDER BY 1, 2`,
  )
  const declared = declaredTables(kernel)
  const indexesOf = Map.groupBy(indexes, ({ table }) => table)
  const tables = [...Map.groupBy(columns, ({ table }) => table)].map(([name, own]): DictionaryTable => {
    const known = declared.get(name)
    return {
      name,
      label: known?.label ?? tableLabels[name] ?? '',
      module: known?.module ?? '系统内部',
      resources: known?.resources ?? [],
      // What the record is about first, what every record has after it.
      columns: own.map((column) => describe(column, known)).toSorted((a, b) => Number(!a.kind) - Number(!b.kind)),
      indexes: (indexesOf.get(name) ?? []).map((index) => ({ name: index.name, definition: index.definition, isUnique: index.unique })),
    }
  })
  return { tables: tables.sort((a, b) => rank(a) - rank(b)) }
}
/** The program's own tables stand last. */
const rank = (table: DictionaryTable): number => (table.resources.length ? 0 : 1)

interface Declared {
  label: string
  module: string
  resources: string[]
  /** By column. */
  fields: Map<string, { field: Field; refers: string | null }>
}
function declaredTables(kernel: Kernel): Map<string, Declared> {
  const { defs } = kernel
  const found = new Map<string, Declared>()
  for (const [owner, fields] of defs.tables) {
    const base = defs.resource(owner)
    const seenAs = [...defs.resources.values()].filter((r) => r.table === owner).map((r) => r.label)
    const module = defs.modules.find((m) => m.name === owner.split('.')[0])?.label ?? ''
    const name = owner.split('.').map(snake).join('.')
    found.set(name, { label: base.label, module, resources: seenAs, fields: columnsOf(kernel, fields) })
    for (const [key, field] of Object.entries(fields))
      if (field.kind === 'rows') {
        const label = `${base.label} · ${field.label}（子表）`
        const own = columnsOf(kernel, (field as Field<'rows'>).options.fields)
        found.set(`${name}__${columnOf(key, field)}`, { label, module, resources: seenAs, fields: own })
      }
    const timeline = defs.timelines.get(owner)
    if (timeline) {
      const own = columnsOf(kernel, Object.fromEntries(timeline.fields.map((key) => [key, fields[key]!])))
      found.set(`${name.split('.')[0]}.${timelineTable(owner)}`, {
        label: `${base.label} · 沿革（按日期）`,
        module,
        resources: seenAs,
        fields: own,
      })
    }
  }
  return found
}
const columnsOf = (kernel: Kernel, fields: Fields): Declared['fields'] =>
  new Map(
    Object.entries(fields).map(([key, field]) => {
      const target = 'target' in field.options ? (field.options as { target: string }).target : null
      return [columnOf(key, field), { field, refers: target && kernel.defs.resource(target).table.split('.').map(snake).join('.') }]
    }),
  )

function describe({ name, type, required }: StoredColumn, table: Declared | undefined): DictionaryColumn {
  const known = table?.fields.get(name)
  const base = { name, type: type.replace('timestamp with time zone', 'timestamptz'), isRequired: required }
  if (known) {
    const { field, refers } = known
    return { ...base, label: field.label, kind: kindLabels[field.kind], isProtected: isProtected(field), refers, note: noteOf(field) }
  }
  const blind = [...(table?.fields ?? [])].find(([column]) => blindOf(column) === name || tagsOf(column) === name)
  const label = blind
    ? `“${blind[1].field.label}”的${tagsOf(blind[0]) === name ? '片段' : ''}查找索引（密文）`
    : table
      ? (columnLabels[name] ?? '不再使用的字段（数据保留）')
      : ''
  return { ...base, label, kind: '', isProtected: blind !== undefined, refers: null, note: '' }
}
/** What a value may be, in words. */
function noteOf(field: Field): string {
  const options = field.options as Readonly<Record<string, unknown>>
  const choices = options['choices'] as Choices | undefined
  const words = [
    choices &&
      Object.keys(choices)
        .map((key) => `${key} ${choiceLabel(choices, key)}`)
        .join('；'),
    typeof options['expression'] === 'string' ? `公式：${options['expression']}` : null,
    field.derived ? '由系统从其他记录取得或汇总' : null,
    options['min'] === undefined ? null : `最小 ${String(options['min'])}`,
    options['max'] === undefined ? null : `${kindOf(field).isNumber?.(field) ? '最大' : '上限'} ${String(options['max'])}`,
    typeof options['unit'] === 'string' ? `单位：${options['unit']}` : null,
    field.required ? '必填' : null,
    field.help ?? null,
  ]
  return words.filter(Boolean).join('；')
}

/** The same as lines of a file: a column a line. */
export function* dictionaryLines({ tables }: DictionaryAnswer): Generator<readonly (string | null)[]> {
  yield ['模块', '表', '表的说明', '字段', '字段说明', '种类', '数据库类型', '非空', '加密', '引用', '取值与说明']
  for (const table of tables)
    for (const one of table.columns)
      yield [
        table.module, table.name, table.label, one.name, one.label, one.kind, one.type, one.isRequired ? '是' : '', one.isProtected ? '是' : '', one.refers, one.note,
      ] // prettier-ignore
}
