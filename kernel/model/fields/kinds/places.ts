import type { AddressValue, DivisionLevel, Field, LocationValue } from '../field.ts'
import { bad, checkText, ok, plainFormat, presence, schemas, wrongType, type Checked, type KindTable } from '../kind.ts'
import { divisions } from '../divisions.ts'
import { halfWidth } from '../text-forms.ts'

const isAddress = (value: unknown): value is AddressValue => typeof value === 'object' && value !== null && 'detail' in value
export const addressText = (value: unknown): string => (isAddress(value) ? value.region + value.detail : '')
const depths: Record<DivisionLevel, number> = { province: 1, city: 2, district: 3 }
const lacking: Record<DivisionLevel, string> = { province: '请选择省', city: '请选到市', district: '请选到区县' }
/** 440000 is a province, 440300 a city, 440305 a district. */
const depthOf = (code: string): number => (code.endsWith('0000') ? 1 : code.endsWith('00') ? 2 : 3)
/** Stands for the code of an address that has none. */
export const noDivision = '000000'
/** 广东省深圳市; 未分省市 */
export const divisionText = (code: string): string => (code === noDivision ? '未分省市' : (divisions.nameOf(code) ?? code))
/** Codes below a division begin so. */
export const divisionPrefix = (code: string): string => code.replace(/(00){1,2}$/, '')

function checkAddress(input: unknown, { options }: Field<'address'>): Checked {
  if (typeof input !== 'object' || input === null) return wrongType
  const { code = null, region = '', detail = '' } = input as Partial<Record<keyof AddressValue, unknown>>
  const rest = checkText(detail, 200)
  const given = checkText(region, 60)
  if ('problem' in rest) return rest
  if ('problem' in given) return given
  const level = options.level ?? 'district'
  if (code === null) return rest.value ? ok({ code: null, region: given.value, detail: rest.value }) : bad('请选择省市区')
  if (typeof code !== 'string' || !/^\d{6}$/.test(code)) return bad('请选择省市区')
  // Where the divisions are loaded (the server always has them), a code that is none is refused and the name is the official one.
  const known = divisions.isLoaded ? divisions.nameOf(code) : undefined
  if (known === undefined && divisions.isLoaded && !given.value) return bad('没有这个行政区划，请重新选择')
  if (depthOf(code) < depths[level] && !divisions.isLeaf(code)) return bad(lacking[level])
  return ok({ code, region: known ?? given.value, detail: options.noDetail ? '' : rest.value })
}
function parseAddress(cell: string, field: Field<'address'>): Checked {
  const plain = halfWidth(cell)
  const found = divisions.find(plain)
  if (found) return checkAddress({ code: found.code, region: '', detail: found.rest }, field)
  return divisions.isLoaded
    ? bad('请写明省、市、区县，如 广东省深圳市南山区科技园1号')
    : checkAddress({ code: null, region: '', detail: plain }, field)
}

const isLocation = (value: unknown): value is LocationValue => typeof value === 'object' && value !== null && 'lat' in value
const round = (value: number, digits: number): number => Number(value.toFixed(digits))
function checkLocation(input: unknown, { options }: Field<'location'>): Checked {
  if (typeof input !== 'object' || input === null) return wrongType
  const { lat, lon, accuracy = null } = input as Partial<Record<keyof LocationValue, unknown>>
  if (typeof lat !== 'number' || typeof lon !== 'number' || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180))
    return bad('请填写纬度（-90–90）和经度（-180–180），如 31.2304, 121.4737')
  if (accuracy !== null && (typeof accuracy !== 'number' || !(accuracy >= 0))) return wrongType
  const most = options.maxAccuracy
  if (most !== undefined && accuracy !== null && accuracy > most)
    return bad(`定位误差 ${Math.round(accuracy)} 米，超过 ${most} 米，请到开阔处重新定位`)
  return ok({ lat: round(lat, 6), lon: round(lon, 6), accuracy: accuracy === null ? null : round(accuracy, 1) })
}
/** 31.2304, 121.4737 · 北纬31.2304 东经121.4737 · 31.2304N 121.4737E (±15米) */
export function readLocation(text: string): unknown {
  const plain = halfWidth(text).replace(/[()]/g, ' ')
  const accuracy = /±\s*(\d+(?:\.\d+)?)/.exec(plain)
  const numbers = plain.replace(/±.*$/, '').match(/-?\d+(?:\.\d+)?/g)
  if (numbers?.length !== 2) return null
  const [first, second] = numbers.map(Number) as [number, number]
  const isTurned = /^\s*(东经|西经|经度|E\b|W\b)/.test(plain) || (Math.abs(first) > 90 && Math.abs(second) <= 90)
  const [lat, lon] = isTurned ? [second, first] : [first, second]
  return {
    lat: /南纬|S\b/.test(plain) ? -lat : lat,
    lon: /西经|W\b/.test(plain) ? -lon : lon,
    accuracy: accuracy ? Number(accuracy[1]) : null,
  }
}
export const locationText = (value: unknown): string =>
  isLocation(value) ? `${value.lat}, ${value.lon}${value.accuracy === null ? '' : `（±${value.accuracy}米）`}` : plainFormat(value)

export const places: KindTable<'address' | 'location'> = {
  address: {
    check: checkAddress,
    parse: parseAddress,
    format: addressText,
    operators: ['under', 'eq', 'contains', 'empty', 'notEmpty'],
    words: { under: '在', eq: '只填到' },
    needsDivisions: true,
    isEndless: true,
    sayOperand: (value) => divisionText(String(value)),
    holds: (value, op, operands) => {
      if (op === 'eq') return isAddress(value) && operands.includes(value.code ?? noDivision)
      if (op === 'contains') return operands.length > 0 && addressText(value).toLowerCase().includes(String(operands[0]).toLowerCase())
      if (op !== 'under') return undefined
      return isAddress(value) && value.code !== null && operands.some((one) => value.code!.startsWith(divisionPrefix(String(one))))
    },
    sortable: true,
    schema: () => ({
      type: 'object',
      properties: { code: { type: ['string', 'null'], pattern: '^\\d{6}$' }, region: schemas.text, detail: schemas.text },
    }),
    isNoKey: true,
    mask: (value) => (isAddress(value) ? `${value.region}****` : '****'),
  },
  location: {
    check: checkLocation,
    parse: (cell) => {
      const read = readLocation(cell)
      return read ? ok(read) : bad('请填写纬度和经度，如 31.2304, 121.4737')
    },
    format: locationText,
    operators: presence,
    sortable: false,
    schema: () => ({
      type: 'object',
      required: ['lat', 'lon'],
      properties: { lat: { type: 'number' }, lon: { type: 'number' }, accuracy: { type: ['number', 'null'] } },
    }),
    isNoKey: true,
    mask: () => '已定位',
  },
}
