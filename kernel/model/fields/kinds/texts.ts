import type { Field } from '../field.ts'
import {
  bad, checkText, listWords, ok, plainFormat, presence, protectedOps, schemas, textual, unreadable, wrongType,
  writeOnlyMark, type Checked, type KindTable,
} from '../kind.ts' // prettier-ignore
import { halfWidth, readIdentityNumber, readPhone } from '../text-forms.ts'

function checkPattern(value: string, { options }: Field<'text'>): Checked {
  return options.pattern && value !== '' && !new RegExp(options.pattern, 'u').test(value)
    ? bad(options.patternMessage ?? '格式不对')
    : ok(value)
}
const sized = (max: number | undefined) => ({ ...schemas.text, ...(max === undefined ? {} : { maxLength: max }) })

const mailbox = /^[\p{L}\d.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.)+[\p{L}\d-]{2,63}$/u
/** An address of mail; its domain in small letters. */
export function readEmail(text: string): Checked {
  const plain = halfWidth(text).replace(/^mailto:/i, '').replace(/。/g, '.') // prettier-ignore
  const [name = '', domain = ''] = plain.split('@')
  return mailbox.test(plain) && !plain.includes('..') ? ok(`${name}@${domain.toLowerCase()}`) : bad('请填写电子邮箱，如 zhang@example.com')
}
/** An address of a page. Anything but http and https could run something when it is opened. */
export function readUrl(text: string): Checked {
  const plain = halfWidth(text)
  const full = /^[a-z][a-z\d+.-]*:/i.test(plain) && !/^[\w.-]+:\d/.test(plain) ? plain : `https://${plain}`
  if (/[\s\p{Cc}<>"`\\]/u.test(full) || full.length > 2000 || !URL.canParse(full)) return bad('请填写网址，如 https://www.example.com')
  const url = new URL(full)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return bad('只能填写 http 或 https 的网址')
  if (url.username || url.password) return bad('网址中不能含有账号和密码')
  return /^[^.]+$/.test(url.hostname) && full !== plain ? bad('请填写网址，如 https://www.example.com') : ok(full)
}

const colours: Readonly<Record<string, string>> = {
  红: '#ff0000', 橙: '#ffa500', 黄: '#ffff00', 绿: '#008000', 青: '#00ffff', 蓝: '#0000ff', 紫: '#800080', 黑: '#000000', 白: '#ffffff', 灰: '#808080',
} // prettier-ignore
/** A colour as `#rrggbb`, however it was written. */
export function readColour(text: string): Checked {
  const plain = halfWidth(text).toLowerCase().replace(/\s/g, '')
  const named = colours[plain.replace(/色$/, '')]
  if (named) return ok(named)
  const short = /^#?([\da-f])([\da-f])([\da-f])$/.exec(plain)
  if (short) return ok(`#${short.slice(1).map((c) => c + c).join('')}`) // prettier-ignore
  const rgb = /^rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)$/.exec(plain)
  if (rgb && rgb.slice(1).every((part) => Number(part) < 256))
    return ok(`#${rgb.slice(1).map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`) // prettier-ignore
  return /^#?[\da-f]{6}$/.test(plain) ? ok(`#${plain.replace('#', '')}`) : bad('请填写颜色，如 #1f6f78')
}

/** The check digit of an EAN-13 (GB 12904). */
export const eanCheckDigit = (first12: string): string =>
  String((10 - ([...first12].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 3 : 1), 0) % 10)) % 10)
function readCode(text: string, { options }: Field<'barcode'>): Checked {
  const plain = halfWidth(text)
  if (options.symbology === 'ean13') {
    const digits = plain.replace(/[\s-]/g, '')
    if (!/^\d{13}$/.test(digits)) return bad('请填写 13 位商品条码')
    return eanCheckDigit(digits.slice(0, 12)) === digits[12] ? ok(digits) : bad('条码校验位不对，请核对')
  }
  if (options.symbology === 'code128')
    return /^[\x20-\x7e]{1,80}$/.test(plain) ? ok(plain) : bad('条码只能含字母、数字和常用符号，最多 80 个')
  return checkText(text, 1000)
}

const line = { operators: textual, words: listWords, format: plainFormat, sortable: true, schema: () => schemas.text } as const

export const texts: KindTable<
  'text' | 'longText' | 'autoNumber' | 'phone' | 'identityNumber' | 'email' | 'url' | 'colour' | 'barcode' | 'password'
> = {
  text: {
    ...line,
    check: (input, field) => {
      const checked = checkText(input, field.options.max ?? 500)
      return 'value' in checked ? checkPattern(checked.value as string, field) : checked
    },
    parse: (cell) => ok(cell.trim()),
    schema: ({ options }) => sized(options.max),
    isPlainFact: true,
  },
  longText: {
    check: (input, field) => checkText(input, field.options.max ?? 20_000, false),
    parse: ok,
    format: plainFormat,
    operators: ['contains', 'empty', 'notEmpty'],
    sortable: false,
    schema: ({ options }) => sized(options.max),
    isLong: true,
  },
  autoNumber: { ...line, check: (input) => checkText(input, 100, false), parse: ok, isComputed: true, isEndless: true, notCopied: true },
  phone: {
    check: (input, { options }) => (typeof input === 'string' ? readPhone(input, options.mobileOnly ?? false) : wrongType),
    parse: (cell, { options }) => readPhone(cell, options.mobileOnly ?? false),
    class: 'sensitive',
    format: plainFormat,
    operators: protectedOps,
    sortable: false,
    schema: () => schemas.text,
  },
  identityNumber: {
    check: (input) => (typeof input === 'string' ? readIdentityNumber(input) : wrongType),
    parse: readIdentityNumber,
    class: 'highlySensitive',
    format: plainFormat,
    operators: protectedOps,
    sortable: false,
    schema: () => schemas.text,
  },
  email: {
    ...line,
    check: (input) => (typeof input === 'string' ? readEmail(input) : wrongType),
    parse: readEmail,
    isEndless: true,
    schema: () => ({ ...schemas.text, format: 'email' }),
    mask: (value) => String(value).replace(/^(.)[^@]*/, '$1***'),
  },
  url: {
    ...line,
    check: (input) => (typeof input === 'string' ? readUrl(input) : wrongType),
    parse: readUrl,
    isEndless: true,
    schema: () => ({ ...schemas.text, format: 'uri' }),
  },
  colour: {
    check: (input) => (typeof input === 'string' ? readColour(input) : wrongType),
    parse: readColour,
    format: plainFormat,
    operators: ['in', 'eq', 'ne', 'notIn', 'empty', 'notEmpty'],
    offered: ['in', 'notIn', 'empty', 'notEmpty'],
    sortable: true,
    schema: () => ({ ...schemas.text, pattern: '^#[0-9a-f]{6}$' }),
  },
  barcode: {
    ...line,
    check: (input, field) => (typeof input === 'string' ? readCode(input, field) : wrongType),
    parse: readCode,
    isEndless: true,
  },
  password: {
    check: (input, { options }) => {
      if (input === writeOnlyMark) return bad('请填写密码')
      const checked = checkText(input, 200, false)
      if ('problem' in checked) return checked
      return (checked.value as string).length < (options.min ?? 1) ? bad(`至少 ${options.min} 位`) : checked
    },
    parse: unreadable,
    class: 'sensitive',
    format: (value) => (value === null || value === undefined ? '' : '已设置'),
    operators: presence,
    sortable: false,
    schema: () => ({ ...schemas.text, writeOnly: true }),
    toCel: () => null,
    isOwn: true,
    notCopied: true,
    mask: () => writeOnlyMark,
    isWriteOnly: true,
    notImported: true,
  },
}
