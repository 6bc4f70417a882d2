import {
  blockLabels,
  placedKinds,
  plainStyle,
  printBounds,
  type PaperBlockKind,
  type PaperPlace,
  type PrintBlock,
  type PrintStyle,
} from './template.ts'
import { isObject, type Given, type PrintReader } from './reader.ts'

type Own<K extends PaperBlockKind> = Omit<Extract<PrintBlock, { kind: K }>, 'id' | 'at' | 'when'>
type ReadOwn<K extends PaperBlockKind> = (read: PrintReader, given: Given, at: string) => Own<K>
const height = (read: PrintReader, given: Given, at: string, usual: number) =>
  read.number(given['height'], `${at}.height`, { min: 1, max: 400, usual })

const kinds: { readonly [K in PaperBlockKind]: ReadOwn<K> } = {
  text: (read, given, at) => ({ kind: 'text', text: read.text(given['text'], `${at}.text`, printBounds.text), style: style(read, given, at) }),
  form: (read, given, at) => ({
    kind: 'form', heading: read.text(given['heading'], `${at}.heading`, 100), fields: read.names(given['fields'], `${at}.fields`, printBounds.fields),
    columns: Math.round(read.number(given['columns'], `${at}.columns`, { min: 1, max: 3, usual: 2 })), leavesOutEmpty: given['leavesOutEmpty'] !== false, style: style(read, given, at),
  }),
  table: (read, given, at) => ({
    kind: 'table', heading: read.text(given['heading'], `${at}.heading`, 100), rows: read.name(given['rows'], `${at}.rows`) ?? '', isNumbered: given['isNumbered'] !== false, style: style(read, given, at),
    columns: read.list(given['columns'], `${at}.columns`, printBounds.columns).map((one, n) => {
      const column = isObject(one) ? one : {}
      const width = column['width'] ?? null
      return { field: read.name(column['field'], `${at}.columns.${n}`) ?? '', width: width === null ? null : read.number(width, `${at}.columns.${n}`, { min: 4, max: 400, usual: 20 }) }
    }),
  }),
  approval: (read, given, at) => ({ kind: 'approval', heading: read.text(given['heading'], `${at}.heading`, 100), style: style(read, given, at) }),
  picture: (read, given, at) => ({ kind: 'picture', field: read.name(given['field'], `${at}.field`), image: image(read, given, at), height: height(read, given, at, 40) }),
  signature: (read, given, at) => ({ kind: 'signature', label: read.text(given['label'], `${at}.label`, 60), field: read.name(given['field'], `${at}.field`), step: read.name(given['step'], `${at}.step`), height: height(read, given, at, 14) }),
  seal: (read, given, at) => ({ kind: 'seal', seal: read.text(given['seal'], `${at}.seal`, 30), image: image(read, given, at), height: height(read, given, at, 42) }),
  line: (read, given, at) => ({ kind: 'line', ...stroke(read, given, at) }),
  box: (read, given, at) => ({ kind: 'box', ...stroke(read, given, at) }),
  code: (read, given, at) => ({ kind: 'code', symbology: read.oneOf(given['symbology'], ['qr', 'code128', 'ean13'], `${at}.symbology`, 'qr'), text: read.text(given['text'], `${at}.text`, 500), height: height(read, given, at, 20) }),
  verify: (read, given, at) => ({ kind: 'verify', height: height(read, given, at, 22) }),
  space: (read, given, at) => ({ kind: 'space', height: height(read, given, at, 5) }),
  break: () => ({ kind: 'break' }),
} // prettier-ignore

/** One block as it comes from outside; null where not even its kind is known. */
export function readBlock(read: PrintReader, value: unknown, at: string): PrintBlock | null {
  const given = isObject(value) ? value : {}
  const { kind, id } = given
  if (typeof kind !== 'string' || !Object.hasOwn(blockLabels, kind)) return (read.wrong(at, '不认识这种内容块'), null)
  const isNamed = typeof id === 'string' && /^[\w-]{1,40}$/.test(id)
  if (!isNamed) read.wrong(at, '内容块没有编号')
  const place = isObject(given['at']) ? readPlace(read, given['at'], `${at}.at`) : null
  if (place && !placedKinds.has(kind as PaperBlockKind))
    read.wrong(at, `${blockLabels[kind as PaperBlockKind]}只能排在正文里，不能固定位置`)
  if (!place && kind === 'box') read.wrong(at, '框须有固定位置')
  const own = (kinds[kind as PaperBlockKind] as ReadOwn<PaperBlockKind>)(read, given, at)
  return { id: isNamed ? id : '', at: place, when: read.name(given['when'], `${at}.when`), ...own } as PrintBlock
}
function readPlace(read: PrintReader, given: Given, at: string): PaperPlace {
  const side = (key: string, min: number, usual: number) => read.number(given[key], `${at}.${key}`, { min, max: 420, usual })
  return { x: side('x', 0, 0), y: side('y', 0, 0), width: side('width', 1, 50), height: side('height', 0, 10), on: read.oneOf(given['on'], ['first', 'every'], `${at}.on`, 'first') } // prettier-ignore
}
function style(read: PrintReader, block: Given, at: string): PrintStyle {
  const given = isObject(block['style']) ? block['style'] : {}
  return {
    font: read.oneOf(given['font'], ['sans', 'serif'], `${at}.style.font`, plainStyle.font),
    size: read.number(given['size'], `${at}.style.size`, { ...printBounds.size, usual: plainStyle.size }),
    bold: given['bold'] === true,
    align: read.oneOf(given['align'], ['left', 'center', 'right'], `${at}.style.align`, plainStyle.align),
    colour: read.colour(given['colour'], `${at}.style.colour`, plainStyle.colour),
    leading: read.number(given['leading'], `${at}.style.leading`, { min: 0.8, max: 4, usual: plainStyle.leading }),
    isIndented: given['isIndented'] === true,
  }
}
const stroke = (read: PrintReader, given: Given, at: string) => ({
  colour: read.colour(given['colour'], `${at}.colour`, '#000000'),
  weight: read.number(given['weight'], `${at}.weight`, { min: 0.1, max: 10, usual: 0.5 }),
})
/** A picture that the template brings along: PNG or JPEG, which is all that paper takes. */
function image(read: PrintReader, given: Given, at: string): string | null {
  const value = given['image'] ?? null
  if (value === null) return null
  const isPicture = typeof value === 'string' && /^data:image\/(?:png|jpeg);base64,[A-Za-z0-9+/]+={0,2}$/.test(value)
  if (!isPicture) return (read.wrong(`${at}.image`, '图片须是 PNG 或 JPEG'), null)
  if (value.length > printBounds.imageBytes * 1.4) read.wrong(`${at}.image`, `图片超过 ${printBounds.imageBytes / 1000} kB`)
  return value
}
