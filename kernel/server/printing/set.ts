import {
  fillWords, findColumn, findName, formatInstant, kindOf, totalOf, totalWord, columnsOf,
  type BlockOf, type Edge, type Field, type Fields, type KindOptions, type PaperBlockKind, type PrintBlock, type PrintTemplate, type Total,
} from '#model' // prettier-ignore
import { filesIn, ownName } from './pictures.ts'
import { pageMark, pagesMark, type Cell, type Labelled, type Part, type Sheet, type Step } from './sheet.ts'
import { isShown, plain, rowsAt, sayName, valueAt, wordsOf, type PrintSource } from './source.ts'

/** Says every word of a template over a record. `code`: where the paper is proved, where it is. */
export function setSheet(template: PrintTemplate, source: PrintSource, code: string | null): Sheet {
  const edge = (given: Edge): Edge => {
    const say = (text: string) => fillWords(text, (name) => (name === '页码' ? pageMark : name === '页数' ? pagesMark : sayName(source, name)))
    return { left: say(given.left), centre: say(given.centre), right: say(given.right) }
  }
  const set = template.blocks.filter((block) => block.when === null || sayName(source, block.when) !== '').flatMap((block) => partsOf(block, source, code).map((part) => ({ place: block.at, part })))
  return {
    paper: template.paper,
    header: edge(template.header),
    footer: edge(template.footer),
    parts: set.filter(({ place }) => !place).map(({ part }) => part),
    placed: set.flatMap(({ place, part }) => (place ? [{ place, part }] : [])),
  }
} // prettier-ignore

/** What stands on paper for each kind of block; what is drawn only stands there as it is. */
const setters: { readonly [K in PaperBlockKind]: (block: BlockOf<K>, source: PrintSource, code: string | null) => Part[] } = {
  text: ({ text, style }, source) => [{ kind: 'text', text: said(text, source), style }],
  form: formOf,
  table: tableOf,
  approval: approvalOf,
  picture: picturesOf,
  signature: signatureOf,
  // Nobody seals by printing: the seal's use stands in the register, or there is none.
  seal: (block, { seals }) => (block.image !== null && seals.some((used) => used.seal === block.seal) ? [{ kind: 'pictures', pictures: [ownName(block)], height: block.height }] : []),
  code: ({ symbology, text, height }, source) => [{ kind: 'code', symbology, text: said(text, source), height }],
  verify: ({ height }, _source, code) => (code === null ? [] : [{ kind: 'code', symbology: 'qr', text: code, height }]),
  line: ({ kind, colour, weight }) => [{ kind, colour, weight }],
  box: ({ kind, colour, weight }) => [{ kind, colour, weight }],
  space: ({ kind, height }) => [{ kind, height }],
  break: ({ kind }) => [{ kind }],
} // prettier-ignore
const partsOf = (block: PrintBlock, source: PrintSource, code: string | null): Part[] =>
  (setters[block.kind] as (block: PrintBlock, source: PrintSource, code: string | null) => Part[])(block, source, code)
const said = (text: string, source: PrintSource): string => fillWords(text, (name) => sayName(source, name))

function cellOf(field: Field | undefined, value: unknown, text: string): Cell {
  const pictures = field ? filesIn(field, value) : []
  if (pictures.length === 0) return { text }
  return field?.kind === 'signature' ? { text, pictures, height: 12 } : { text, pictures }
}
function formOf(block: BlockOf<'form'>, source: PrintSource): Part[] {
  const cells = block.fields.flatMap((name): Labelled[] => {
    const found = findName(source.kernel.defs, source.c.r.name, name)
    if (!found) return [{ label: name, text: sayName(source, name), isWide: false }]
    const { path, field } = found
    if (!path.includes('.') && field && !isShown(source, path)) return []
    const value = valueAt(source, path)
    const cell = cellOf(field, value, sayName(source, name))
    if (block.leavesOutEmpty && cell.text === '' && !cell.pictures) return []
    const isWide = field ? Boolean(kindOf(field).isLong) || field.kind === 'files' || field.kind === 'image' || [...cell.text].length > 60 : false
    return [{ label: field?.label ?? name, ...cell, isWide }]
  })
  return cells.length ? [{ kind: 'form', heading: block.heading, cells, columns: block.columns, style: block.style }] : []
} // prettier-ignore

const totalsOf = (field: Field): Readonly<Record<string, Total>> => (field.options as KindOptions['rows']).totals ?? {}
function tableOf(block: BlockOf<'table'>, source: PrintSource): Part[] {
  const found = rowsAt(source, block.rows)
  if (!found) return Object.hasOwn(source.c.r.fields, block.rows) ? [] : [{ kind: 'text', text: `【没有明细表“${block.rows}”】`, style: block.style }]
  if (found.rows.length === 0) return []
  const fields: Fields = columnsOf(found.field)
  // A column that nobody sees or knows has no place on paper either.
  const columns = block.columns.flatMap(({ field: name, width }) => {
    const key = findColumn(found.field, name)
    return key !== null && found.rows.some((row) => key in row) ? [{ key, width, field: fields[key]! }] : []
  })
  const lead = block.isNumbered ? 1 : 0
  const rows = found.rows.map((row, at): Cell[] => [
    ...(lead ? [{ text: String(at + 1) }] : []),
    ...columns.map(({ key, field }) => cellOf(field, row[key], plain(wordsOf(field, row[key] ?? null, source.titles)))),
  ])
  return [
    {
      kind: 'table', heading: block.heading, style: block.style, rows,
      head: [...(lead ? ['序号'] : []), ...columns.map(({ field }) => field.label)],
      widths: [...(lead ? [11] : []), ...columns.map(({ width }) => width)],
      foot: footOf(source, found, columns, lead),
    },
  ]
} // prettier-ignore
function footOf(source: PrintSource, { field, rows }: { field: Field; rows: Record<string, unknown>[] }, columns: readonly { key: string; field: Field }[], lead: number): string[] | null {
  const totals = totalsOf(field)
  const cells = columns.map(({ key, field: column }) => {
    const how = totals[key]
    const sum = how ? totalOf(how, rows.map((row) => row[key])) : null
    return how && sum !== null ? `${totalWord(how)} ${how === 'count' ? sum : wordsOf(column, sum, source.titles) || sum}` : ''
  })
  return cells.some(Boolean) ? [...(lead ? [''] : []), ...cells] : null
} // prettier-ignore

function approvalOf(block: BlockOf<'approval'>, { approval }: PrintSource): Part[] {
  if (!approval) return []
  const steps = approval.chain.filter((one) => one.step).map((one): Step => ({
    label: plain(one.step),
    word: plain([one.word, one.said, one.isVoid ? '（已作废）' : ''].filter(Boolean).join(' ')),
    opinion: plain(one.opinion ?? ''),
    pictures: one.pictures,
    signature: one.signature,
    by: plain(`${one.name}${one.actorName ? `（${one.actorName} 代）` : ''}`),
    at: formatInstant(one.at),
  }))
  const others = approval.chain.filter((one) => !one.step && one.word !== '已阅').map((one) => plain(`${formatInstant(one.at)} ${one.name} ${one.word}${one.opinion ? `：${one.opinion}` : ''}`))
  return [{ kind: 'steps', heading: block.heading, steps, others, style: block.style }]
} // prettier-ignore
function picturesOf(block: BlockOf<'picture'>, source: PrintSource): Part[] {
  const { field: name, image, height } = block
  const found = name === null ? null : findName(source.kernel.defs, source.c.r.name, name)
  const own = image !== null && name === null ? [ownName(block)] : []
  const pictures = found?.field ? filesIn(found.field, valueAt(source, found.path)) : own
  return pictures.length ? [{ kind: 'pictures', pictures, height }] : []
}
function signatureOf({ label, field: name, step, height }: BlockOf<'signature'>, source: PrintSource): Part[] {
  const found = name === null ? null : findName(source.kernel.defs, source.c.r.name, name)
  if (found) return [{ kind: 'signature', label, name: '', picture: (valueAt(source, found.path) as string | null) ?? null, height }]
  const signed = source.approval?.chain.findLast((one) => one.step === step && !one.isVoid)
  const byName = signed && !signed.signature ? plain(signed.name) : ''
  return [{ kind: 'signature', label, name: byName, picture: signed?.signature ?? null, height }]
}
/** What a sheet shows as pictures, by name. */
export const picturesIn = ({ parts, placed }: Sheet): string[] => [...parts, ...placed.map(({ part }) => part)].flatMap(filesOf)
function filesOf(part: Part): string[] {
  if (part.kind === 'pictures') return [...part.pictures]
  if (part.kind === 'signature') return part.picture ? [part.picture] : []
  if (part.kind === 'form') return part.cells.flatMap(({ pictures }) => pictures ?? [])
  if (part.kind === 'table') return part.rows.flatMap((row) => row.flatMap(({ pictures }) => pictures ?? []))
  return part.kind === 'steps' ? part.steps.flatMap(({ pictures, signature }) => [...pictures, ...(signature ? [signature] : [])]) : []
} // prettier-ignore
