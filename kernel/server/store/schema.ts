import { isProtected, isFoundByPart, type Definitions, type Field, type Fields, type ResolvedResource } from '#model'
import { columnModel, columnType, findingColumns } from './columns.ts'
import { blindOf, columnOf, pinyinCollation, quote, shortName, snake, tagsOf } from './naming.ts'

/** The schema that the definitions ask for. Plain data, compared with what the database has. */
export interface TargetColumn {
  name: string
  type: string
  notNull: boolean
}
export interface TargetIndex {
  name: string
  /** Text behind `CREATE [UNIQUE] INDEX name ON table`. */
  body: string
  unique: boolean
}
export interface TargetTable {
  schema: string
  name: string
  columns: TargetColumn[]
  indexes: TargetIndex[]
  foreignKeys: { name: string; column: string; schema: string; table: string; onDelete: string }[]
  /** `id` where it is not said. */
  key?: readonly string[]
}

const envelope: TargetColumn[] = [
  { name: 'id', type: 'uuid', notNull: true },
  { name: 'version', type: 'integer', notNull: true },
  { name: 'state', type: 'text', notNull: true },
  { name: 'created_at', type: 'timestamptz', notNull: true },
  { name: 'created_by', type: 'uuid', notNull: false },
  { name: 'updated_at', type: 'timestamptz', notNull: true },
  { name: 'updated_by', type: 'uuid', notNull: false },
  { name: 'deleted_at', type: 'timestamptz', notNull: false },
]
/** How a column sorts: Chinese by pinyin, a range by its first day. */
export function sortExpression(column: string, field: Field | undefined): string {
  const model = field && !isProtected(field) ? columnModel(field) : undefined
  return model?.isCollated ? `${column} COLLATE ${pinyinCollation}` : (model?.order?.(column).sql ?? column)
}

/** Has every row a value: what is shown only under a condition is empty where the condition does not hold. */
const isAlwaysFilled = (field: Field | undefined): boolean => field?.required === true && !field.visibleWhen

/** Rows whose tags are still to be made. */
export const untagged = (column: string): string => `${quote(column)} IS NOT NULL AND ${quote(tagsOf(column))} IS NULL`
/** Is the search column there, and over which fields. */
export const searchKeys = (fields: Fields): string[] => Object.entries(fields).filter(([, f]) => f.search && !isProtected(f)).map(([key]) => key) // prettier-ignore

/** Every table that the definitions ask for, sub-tables after their parents; `only` those that these resources are stored in. */
export function targetSchema(defs: Definitions, only?: ReadonlySet<string>): TargetTable[] {
  const owners = only && new Set([...only].flatMap((name) => defs.resources.get(name)?.table ?? []))
  return [...defs.tables].flatMap(([owner, fields]) => {
    if (owners && !owners.has(owner)) return []
    const seenAs = [...defs.resources.values()].filter((r) => r.table === owner)
    return tablesOf(defs, owner, fields, seenAs)
  })
}

function tablesOf(defs: Definitions, owner: string, fields: Fields, seenAs: ResolvedResource[]): TargetTable[] {
  const [schema, name] = owner.split('.').map(snake) as [string, string]
  const base = defs.resource(owner)
  // A field of an extension is absent from rows entered under the base's name, so only the base's own required fields are NOT NULL.
  const requiredHere = (key: string, field: Field) => isAlwaysFilled(field) && Object.hasOwn(base.fields, key)
  const table: TargetTable = { schema, name, columns: [...envelope, ...fieldColumns(fields, requiredHere)], indexes: [], foreignKeys: [] }
  if (searchKeys(fields).length) {
    table.columns.push({ name: 'search_text', type: 'text', notNull: false })
    addIndex(table, false, 'USING gin (kernel.bigrams(search_text))', 'search')
  }
  addIndex(table, false, '(created_at DESC NULLS LAST, id DESC)', 'created')
  // What lies in the recycle bin: few among many.
  if (!base.log) addIndex(table, false, '(deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL', 'deleted')
  for (const r of seenAs) resourceIndexes(table, r)
  if (!base.log) addReferences(defs, table, fields)
  const children = Object.entries(fields).flatMap(([key, field]) =>
    field.kind === 'rows' ? [childTable(defs, table, key, field as Field<'rows'>)] : [],
  )
  const timeline = defs.timelines.get(owner)
  return [table, ...children, ...(timeline ? [stretchTable(table, owner, fields, timeline.fields)] : [])]
}

/** Where the stretches of a type's rows lie: what held of each, from a day on. */
export const timelineTable = (owner: string): string => `${snake(owner.split('.')[1]!)}__timeline`
function stretchTable(parent: TargetTable, owner: string, fields: Fields, keys: readonly string[]): TargetTable {
  const name = timelineTable(owner)
  const dated = Object.fromEntries(keys.map((key) => [key, fields[key]!]))
  return {
    schema: parent.schema,
    name,
    columns: [
      { name: 'record_id', type: 'uuid', notNull: true },
      { name: 'since_day', type: 'date', notNull: true },
      // The day on which the next begins.
      { name: 'until_day', type: 'date', notNull: true },
      { name: 'noted_at', type: 'timestamptz', notNull: true },
      { name: 'noted_by', type: 'uuid', notNull: false },
      ...fieldColumns(dated, () => false),
    ],
    indexes: [],
    // What a stretch points at may be gone: it says what was.
    foreignKeys: [
      { name: shortName('fk', name, 'record_id'), column: 'record_id', schema: parent.schema, table: parent.name, onDelete: 'CASCADE' },
    ],
    key: ['record_id', 'since_day'],
  }
}

function fieldColumns(fields: Fields, notNull: (key: string, field: Field) => boolean): TargetColumn[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const type = columnType(field)
    if (!type) return []
    const column = { name: columnOf(key, field), type, notNull: notNull(key, field) }
    return [column, ...findingColumns(column.name, field).map((one) => ({ ...one, notNull: false }))]
  })
}

function resourceIndexes(table: TargetTable, r: ResolvedResource): void {
  for (const keys of r.unique ?? []) {
    const nulls = keys.every((key) => isAlwaysFilled(r.fields[key])) ? '' : ' NULLS NOT DISTINCT'
    addIndex(
      table,
      true,
      `(${keys.map((key) => quote(keyColumn(r, key, true))).join(', ')})${nulls} WHERE deleted_at IS NULL AND state <> 'refused'`,
      keys.join('_'),
    )
  }
  const { department, person } = r.owner
  const isPerPerson = r.limits?.caps?.some(({ by }) => by === 'person')
  const implied = [
    isPerPerson ? ['createdBy'] : null,
    department && department !== 'id' ? [department, '-createdAt'] : null,
    person && person !== 'id' ? [person, '-createdAt'] : null,
  ]
  for (const keys of [...(r.indexes ?? []), ...implied]) {
    if (!keys || keys.some((key) => key.includes('.'))) continue
    const parts = keys.map((key) => {
      const plain = key.replace(/^-/, '')
      return sortExpression(quote(keyColumn(r, plain, false)), r.fields[plain]) + (key.startsWith('-') ? ' DESC NULLS LAST' : '')
    })
    addIndex(table, false, `(${parts.join(', ')}, id${keys.at(-1)!.startsWith('-') ? ' DESC' : ''})`, keys.join('_').replaceAll('-', ''))
  }
}
function keyColumn(r: ResolvedResource, key: string, unique: boolean): string {
  const field = r.fields[key]
  if (!field) return snake(key)
  return unique && isProtected(field) ? blindOf(columnOf(key, field)) : columnOf(key, field)
}

function addReferences(defs: Definitions, table: TargetTable, fields: Fields): void {
  for (const [key, field] of Object.entries(fields)) {
    const model = columnModel(field)
    const column = columnOf(key, field)
    if (model.gin) addIndex(table, false, `USING gin (${quote(column)})`, key)
    if (isProtected(field)) addIndex(table, false, `(${quote(blindOf(column))})`, key)
    if (isFoundByPart(field)) {
      addIndex(table, false, `USING gin (${quote(tagsOf(column))})`, key)
      // Rows from before the field was found by parts, until they have their tags: `tag-anew.ts`.
      addIndex(table, false, `(id) WHERE ${untagged(column)}`, key)
    }
    // What is kept from another record holds nothing in place.
    if (!model.refers || field.derived) continue
    const [schema, name] = defs
      .resource((field.options as { target: string }).target)
      .table.split('.')
      .map(snake) as [string, string]
    table.foreignKeys.push({ name: shortName('fk', table.name, column), column, schema, table: name, onDelete: 'NO ACTION' })
    if (!table.indexes.some((i) => i.body.startsWith(`(${quote(column)}`))) addIndex(table, false, `(${quote(column)})`, key)
  }
}

function childTable(defs: Definitions, parent: TargetTable, key: string, field: Field<'rows'>): TargetTable {
  const name = `${parent.name}__${columnOf(key, field)}`
  const fields = field.options.fields
  const table: TargetTable = {
    schema: parent.schema,
    name,
    columns: [
      { name: 'id', type: 'uuid', notNull: true },
      { name: 'parent', type: 'uuid', notNull: true },
      { name: 'position', type: 'integer', notNull: true },
      ...fieldColumns(fields, (_, f) => isAlwaysFilled(f)),
    ],
    indexes: [],
    foreignKeys: [
      { name: shortName('fk', name, 'parent'), column: 'parent', schema: parent.schema, table: parent.name, onDelete: 'CASCADE' },
    ],
  }
  addIndex(table, false, '(parent, position)', 'parent')
  addReferences(defs, table, fields)
  return table
}

/** An index's name carries a hash of its definition: a changed one is a new one, the old one goes. */
function addIndex(table: TargetTable, unique: boolean, body: string, hint: string): void {
  if (table.indexes.some((i) => i.body === body)) return
  let hash = 5381
  for (const c of body) hash = ((hash * 33) ^ c.codePointAt(0)!) >>> 0
  table.indexes.push({ name: shortName(unique ? 'uq' : 'ix', table.name, snake(hint), hash.toString(36)), body, unique })
}
