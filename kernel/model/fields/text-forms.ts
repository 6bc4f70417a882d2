/** Text as people and spreadsheets write it, made comparable. Pure, for both sides. */

/** Full-width letters, digits, punctuation and spaces to their half-width forms; trims. */
export const halfWidth = (text: string): string =>
  text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
    .trim()

const separators = /[-./年月]/
/**
 * A day as people write it: 2026-5-3, 2026/5/3, 2026.5.3, 20260503, 2026年5月3日, or a spreadsheet's serial number.
 * Null when it is none of these (also for 长期, 至今 and the like: the caller says what "no end" means).
 */
export function parseDayText(text: string): string | null {
  const plain = halfWidth(text)
    .replace(/日$/, '')
    .replace(/ .*$|T.*$/, '')
  if (/^\d{8}$/.test(plain)) return joined(plain.slice(0, 4), plain.slice(4, 6), plain.slice(6))
  if (/^\d{5}(\.\d+)?$/.test(plain)) return fromSerial(Number(plain))
  const parts = plain.split(separators)
  return parts.length === 3 && parts.every((part) => /^\d{1,4}$/.test(part)) && parts[0]!.length === 4
    ? joined(parts[0]!, parts[1]!, parts[2]!)
    : null
}
function joined(year: string, month: string, date: string): string | null {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)))
  const text = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return at.toISOString().slice(0, 10) === text ? text : null
}
/** Spreadsheet serial days count from 1899-12-30; only plausible ones (1927–2118) are taken for dates. */
function fromSerial(serial: number): string | null {
  return serial >= 10_000 && serial < 80_000
    ? new Date(Date.UTC(1899, 11, 30) + Math.floor(serial) * 86_400_000).toISOString().slice(0, 10)
    : null
}
/** A month as people write it: 2024.3, 2024-03, 202403, 2024年3月; of a whole day its month, because a spreadsheet makes one of 2024/3. */
export function parseMonthText(text: string): string | null {
  const plain = halfWidth(text).replace(/月份?$/, '')
  const found = /^(\d{4})\s*[-./年]\s*(\d{1,2})$/.exec(plain) ?? /^(\d{4})(\d{2})$/.exec(plain)
  if (!found) return parseDayText(text)?.slice(0, 7) ?? null
  const month = Number(found[2])
  return month >= 1 && month <= 12 && Number(found[1]) >= 1 ? `${found[1]}-${String(month).padStart(2, '0')}` : null
}
/** A time of day as people write it: 8:30, 0830, 8点30分, 8时半, 下午2点, or a spreadsheet's part of a day. */
export function parseTimeText(text: string): string | null {
  const plain = halfWidth(text).replace(/\s/g, '').toLowerCase()
  if (/^0?\.\d+$/.test(plain)) return clockOf(0, Math.round(Number(plain) * 1440))
  const found =
    /^(上午|早上|凌晨|中午|下午|晚上|am|pm)?(\d{1,2})(?:[:点时](?:(\d{1,2})分?|(半)|(整))?)(?::\d{2}(?:\.0+)?)?(am|pm)?$/.exec(plain) ??
    /^()(\d{2})(\d{2})$/.exec(plain)
  if (!found) return null
  const half = found[1] || found[6] || ''
  const [hour, minute] = [Number(found[2]), found[4] ? 30 : Number(found[3] || 0)]
  if (half && hour > 12) return null
  const isLate = half === '下午' || half === '晚上' || half === 'pm' || (half === '中午' && hour < 11)
  const isEarly = half === '上午' || half === '早上' || half === '凌晨' || half === 'am'
  return clockOf(isLate && hour < 12 ? hour + 12 : isEarly && hour === 12 ? 0 : hour, minute)
}
function clockOf(hour: number, minute: number): string | null {
  const [h, m] = [hour + (hour === 0 ? Math.floor(minute / 60) : 0), hour === 0 ? minute % 60 : minute]
  return h < 24 && m < 60 ? `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}` : null
}
const endless = new Set(['长期', '长期有效', '至今', '无', '永久', '9999-12-31', '9999/12/31', '2099-12-31'])
export const isEndless = (text: string): boolean => endless.has(halfWidth(text))

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** The check character of an 18-digit identity number (GB 11643-1999, ISO 7064 MOD 11-2). */
export function identityCheckDigit(first17: string): string {
  const sum = idWeights.reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return '10X98765432'[sum % 11]!
}
/** Normalises an identity document's number, or says in Chinese what is wrong. */
export function readIdentityNumber(text: string): { value: string } | { problem: string } {
  const plain = halfWidth(text).toUpperCase().replace(/\s/g, '')
  if (/^\d{17}[\dX]$/.test(plain)) {
    if (!parseDayText(plain.slice(6, 14))) return { problem: '身份证号中的出生日期不存在' }
    return identityCheckDigit(plain.slice(0, 17)) === plain[17] ? { value: plain } : { problem: '身份证号校验位不对，请核对' }
  }
  if (/^\d{15}$/.test(plain)) return { value: plain }
  if (/^[A-Z]{1,3}\d{6,10}$/.test(plain) || /^\d{8}$/.test(plain)) return { value: plain }
  return { problem: '不是有效的证件号码（身份证 18 位，或护照、通行证号）' }
}

/** A phone number reduced to digits and a leading +, or what is wrong. */
export function readPhone(text: string, mobileOnly: boolean): { value: string } | { problem: string } {
  const plain = halfWidth(text)
    .replace(/[\s()-]/g, '')
    .replace(/^(\+?86)(?=1\d{10}$)/, '')
  if (/^1[3-9]\d{9}$/.test(plain)) return { value: plain }
  if (!mobileOnly && /^(\+?\d{5,15}|0\d{9,11})$/.test(plain)) return { value: plain }
  return { problem: mobileOnly ? '请填写 11 位手机号' : '电话号码格式不对' }
}

/** Names compared without spaces and with one kind of middle dot: 王 磊 = 王磊, 阿卜杜拉•买买提 = 阿卜杜拉·买买提. */
export const comparableName = (name: string): string =>
  halfWidth(name)
    .replace(/\s/g, '')
    .replace(/[•．・‧.]/g, '·')
