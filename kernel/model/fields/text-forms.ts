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
