// Random fields of every kind and random values of theirs: what a test of any side draws from.
import fc from 'fast-check'
import {
  address, autoNumber, barcode, boolean, cascade, choice, choices, colour, counter, date, dateRange, dateTime, decimal, divisions, email, identityNumber, images,
  integer, kindOf, location, longText, members, money, person, phone, rating, reference, references, richText, slider, tags, text, time, toggle, tree, unit, url,
  year, yearMonth, type CascadeNode, type Choices, type Field, type FieldKind, type Operator, type RichNode, type Scalar,
} from '#model' // prettier-ignore

/** Records that a random reference may name. */
export interface Pool {
  people: readonly string[]
  units: readonly string[]
  /** Of the tree `sample.place`. */
  places: readonly string[]
}
const han = '骨科手术室内病区急诊检验影像护理药剂感染控制审批授权培训考核上下左右东南西北甲乙丙丁天地玄黄宇宙洪荒'
const word = (min = 1, max = 8) => fc.array(fc.constantFrom(...han), { minLength: min, maxLength: max }).map((letters) => letters.join(''))
/** Text as it stands in cells: no edge of blanks, which cells lose. */
const plain = fc.oneof(word(), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 %_\\'"<>&=+-]{0,20}[A-Za-z0-9]$/), fc.constantFrom('<b>x</b>', '=1+1', "'x", 'a,b"c', '100%', '-5', '㐀𠮷', '张·李')) // prettier-ignore
const day = fc.integer({ min: -3000, max: 30_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
const two = (n: number) => String(n).padStart(2, '0')
const keyed = fc.uniqueArray(word(2, 4), { minLength: 2, maxLength: 5 })
const choicesOf: fc.Arbitrary<Choices> = keyed.map((labels) => Object.fromEntries(labels.map((label, i) => [`k${i}`, label])))
const cascadeOf: fc.Arbitrary<CascadeNode[]> = fc
  .uniqueArray(word(2, 3), { minLength: 4, maxLength: 9 })
  .map((labels) => labels.slice(0, 2).map((label, i) => ({ key: `t${i}`, label, children: labels.slice(2).filter((_, at) => at % 2 === i).map((inner, at) => ({ key: `c${at}`, label: inner })) }))) // prettier-ignore
const scaled = (scale: number) => fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((n) => {
  const digits = String(n < 0 ? -n : n).padStart(scale + 1, '0')
  const value = scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits
  return n < 0n ? `-${value}` : value
}) // prettier-ignore
const label = word(2, 5)

interface Random {
  field: fc.Arbitrary<Field>
  value(field: Field, pool: Pool): fc.Arbitrary<unknown>
}
const of = <F extends Field>(field: fc.Arbitrary<F>, value: (field: F, pool: Pool) => fc.Arbitrary<unknown>): Random => ({
  field: field,
  value: value,
})
const named = <F extends Field>(make: (label: string) => F) => label.map(make)
const whole = (min: number, max: number) => () => fc.integer({ min, max })
const leaves = (): string[] => divisions.tree().flatMap(function deep(d): string[] { return d.children ? d.children.flatMap(deep) : [d.code] }) // prettier-ignore
const paragraph = (content: unknown[]): RichNode => ({ type: 'paragraph', content: content as RichNode[] })

/** Every kind that a cell can give; what cannot (files, signatures, passwords, formulas, rows) is tested by itself. */
export const randomKinds: Readonly<Partial<Record<FieldKind, Random>>> = {
  text: of(named((l) => text(l)), () => plain),
  longText: of(named((l) => longText(l)), () => fc.array(plain, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'))),
  integer: of(named((l) => integer(l)), whole(-2_147_483_648, 2_147_483_647)),
  decimal: of(fc.tuple(label, fc.integer({ min: 0, max: 6 })).map(([l, scale]) => decimal(l, scale)), (f) => scaled(f.options.scale)),
  boolean: of(fc.tuple(label, fc.boolean()).map(([l, isSaid]) => boolean(l, isSaid ? { yes: '同意', no: '不同意' } : {})), () => fc.boolean()),
  date: of(named((l) => date(l)), () => day),
  dateTime: of(named((l) => dateTime(l)), () => fc.integer({ min: 11_900_000, max: 30_000_000 }).map((n) => new Date(n * 60_000).toISOString())),
  choice: of(fc.tuple(label, choicesOf).map(([l, c]) => choice(l, c)), (f) => fc.constantFrom(...Object.keys(f.options.choices))),
  choices: of(fc.tuple(label, choicesOf).map(([l, c]) => choices(l, c)), (f) => fc.subarray(Object.keys(f.options.choices), { minLength: 1 })),
  person: of(named((l) => person(l)), (_, pool) => fc.constantFrom(...pool.people)),
  unit: of(named((l) => unit(l)), (_, pool) => fc.constantFrom(...pool.units)),
  reference: of(named((l) => reference(l, 'sample.place')), (_, pool) => fc.constantFrom(...pool.places)),
  references: of(named((l) => references(l, 'sample.place')), (_, pool) => fc.subarray([...pool.places], { minLength: 1 })),
  tree: of(named((l) => tree(l, 'sample.place')), (_, pool) => fc.constantFrom(...pool.places)),
  members: of(named((l) => members(l)), (_, pool) =>
    fc.subarray([...pool.people.map((id) => `person:${id}`), ...pool.units.map((id) => `unit:${id}`), 'post:head', 'post:secretary'], { minLength: 1 })),
  phone: of(named((l) => phone(l)), () => fc.integer({ min: 0, max: 99_999_999 }).map((n) => `139${String(n).padStart(8, '0')}`)),
  identityNumber: of(named((l) => identityNumber(l)), () => fc.integer({ min: 100_000, max: 99_999_999 }).map((n) => `E${n}`)),
  money: of(fc.tuple(label, fc.constantFrom('CNY', 'USD', 'JPY' as const)).map(([l, currency]) => money(l, { currency, scale: currency === 'JPY' ? 0 : 2 })), (f) => scaled(f.options.scale)),
  time: of(named((l) => time(l)), () => fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([h, m]) => `${two(h)}:${two(m)}`)),
  year: of(named((l) => year(l)), whole(1900, 2200)),
  yearMonth: of(named((l) => yearMonth(l)), () => fc.tuple(fc.integer({ min: 1900, max: 2199 }), fc.integer({ min: 1, max: 12 })).map(([y, m]) => `${y}-${two(m)}`)),
  switch: of(fc.tuple(label, fc.boolean()).map(([l, isSaid]) => toggle(l, isSaid ? { yes: '启用', no: '停用' } : {})), () => fc.boolean()),
  slider: of(fc.tuple(label, fc.integer({ min: 1, max: 7 })).map(([l, step]) => slider(l, { min: 0, max: step * 20, step, unit: '分' })), (f) => fc.integer({ min: 0, max: 20 }).map((n) => n * (f.options.step ?? 1))),
  rating: of(fc.tuple(label, fc.integer({ min: 3, max: 10 })).map(([l, max]) => rating(l, { max })), (f) => fc.integer({ min: 1, max: f.options.max ?? 5 })),
  counter: of(named((l) => counter(l, { unit: '例' })), whole(0, 2_147_483_647)),
  colour: of(named((l) => colour(l)), () => fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)),
  email: of(named((l) => email(l)), () => fc.stringMatching(/^[a-z][a-z0-9.+-]{0,8}[a-z0-9]@[a-z]{2,8}\.(cn|com)$/).filter((m) => !m.includes('..'))),
  url: of(named((l) => url(l)), () => fc.stringMatching(/^https?:\/\/[a-z]{2,8}\.(cn|com)\/[a-zA-Z0-9/?=&%-]{0,20}$/)),
  tags: of(named((l) => tags(l)), () => fc.uniqueArray(fc.oneof(word(1, 5), fc.stringMatching(/^[a-z]{1,4}( [a-z]{1,4})?$/)), { minLength: 1, maxLength: 6, selector: (t) => t.toLowerCase() })),
  dateRange: of(named((l) => dateRange(l, { isOpen: true })), () => fc.tuple(day, fc.option(fc.integer({ min: 0, max: 400 }), { nil: null })).map(([from, days]) =>
    ({ from, to: days === null ? null : new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10) }))),
  cascade: of(fc.tuple(label, cascadeOf).map(([l, t]) => cascade(l, t)), (f) =>
    fc.constantFrom(...f.options.tree.flatMap((node) => (node.children ?? []).map((child) => `${node.key}/${child.key}`)))),
  address: of(named((l) => address(l)), () => fc.tuple(fc.constantFrom(...leaves()), fc.integer({ min: 1, max: 999 })).map(([code, n]) =>
    ({ code, region: divisions.nameOf(code)!, detail: `某某路${n}号 2楼` }))),
  location: of(named((l) => location(l)), () => fc.tuple(fc.integer({ min: -89_999_999, max: 89_999_999 }), fc.integer({ min: -179_999_999, max: 179_999_999 }), fc.option(fc.integer({ min: 0, max: 9999 }), { nil: null }))
    .map(([lat, lon, accuracy]) => ({ lat: lat / 1e6, lon: lon / 1e6, accuracy: accuracy === null ? null : accuracy / 10 }))),
  barcode: of(named((l) => barcode(l)), () => fc.stringMatching(/^[A-Z0-9-]{1,30}$/)),
  richText: of(named((l) => richText(l)), () => fc.array(fc.tuple(fc.constantFrom(...han), plain, fc.boolean()), { minLength: 1, maxLength: 3 }).map((lines): RichNode => ({
    type: 'doc',
    content: lines.map(([first, rest, isBold]) => paragraph([{ type: 'text', text: first }, { type: 'text', ...(isBold ? { marks: [{ type: 'bold' }] } : {}), text: rest }])),
  }))),
} // prettier-ignore
/** What no cell gives: they appear in the definition and stay empty, or are given by the system. */
export const otherKinds: Readonly<Partial<Record<FieldKind, () => Field>>> = {
  image: () => images('照片'),
  autoNumber: () => autoNumber('编号', 'T'),
}

export const randomValue = (field: Field, pool: Pool): fc.Arbitrary<unknown> => randomKinds[field.kind]!.value(field, pool)

/** Values that a condition on this field may compare with: of records and of nothing there. */
export function randomOperand(
  field: Field,
  op: Operator,
  values: readonly unknown[],
  pool: Pool,
): fc.Arbitrary<Scalar | Scalar[] | undefined> {
  if (op === 'empty' || op === 'notEmpty') return fc.constant(undefined)
  const scalars = values.flatMap((value) => operandsIn(field, op, value)).slice(0, 200)
  const fresh = randomValue(field, pool).map((value) => operandsIn(field, op, value)[0] ?? '无')
  const one = scalars.length ? fc.oneof({ arbitrary: fc.constantFrom(...scalars), weight: 3 }, { arbitrary: fresh, weight: 1 }) : fresh
  if (op === 'between') return fc.tuple(one, one).map(([a, b]) => (less(a, b) ? [a, b] : [b, a]))
  if (op === 'in' || op === 'notIn' || op === 'has' || op === 'hasAny' || op === 'under')
    return field.kind === 'dateRange' ? one : fc.array(one, { minLength: 0, maxLength: 3 })
  return one
}
const less = (a: Scalar, b: Scalar): boolean => (/^-?\d+(\.\d+)?$/.test(String(a)) ? Number(a) <= Number(b) : String(a) <= String(b))
const cut = (value: unknown, from: number, to: number): string => [...String(value)].slice(from, to).join('')
/** What a value offers to be compared with. */
function operandsIn(field: Field, op: Operator, value: unknown): Scalar[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value as string[]
  if (typeof value !== 'object') {
    if (op === 'under' && field.kind === 'cascade') return [String(value), String(value).split('/')[0]!]
    return op === 'contains' || op === 'startsWith' ? [cut(value, 0, 2), cut(value, 1, 3) || '无'] : [value as Scalar]
  }
  const parts = value as Record<string, string>
  if (field.kind === 'dateRange') return [parts['from']!, parts['to'] ?? '2030-01-01']
  if (field.kind === 'address') return op === 'under' ? [`${parts['code']!.slice(0, 2)}0000`, `${parts['code']!.slice(0, 4)}00`, parts['code']!] : [cut(parts['detail'], 0, 3), cut(parts['region'], 1, 4)]
  return [cut(kindOf(field).format(value, field, () => ''), 0, 3)]
} // prettier-ignore
