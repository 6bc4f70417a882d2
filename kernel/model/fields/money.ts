import { bad, ok, type Checked } from './kind.ts'
import { halfWidth } from './text-forms.ts'

const signs = /^(?:人民币|RMB|CNY|US\$|HK\$|JP¥|[¥￥$€])|(?:元整?|圆整?|人民币|RMB|CNY)$/gi
/** A sum as people write it: ￥１，２００.５０, 1 200.50 元, 3.5万元, (1,200.00) for a negative one. The field's check brings it to its scale. */
export function readMoneyText(cell: string): Checked {
  let text = halfWidth(cell)
    .replace(/￥/g, '¥')
    .replace(/[\s,，]/g, '')
  const isNegative = /^\(.+\)$/.test(text) || /^[-－−]/.test(text)
  text = text.replace(/^\((.+)\)$/, '$1').replace(/^[-－−]/, '').replace(signs, '').replace(/^[-－−]/, '') // prettier-ignore
  const found = /^(\d{1,26}(?:\.\d{1,20})?)(万|亿)?$/.exec(text)
  if (!found) return bad('请填写金额，如 1200.50')
  const amount = found[2] ? shifted(found[1]!, found[2] === '万' ? 4 : 8) : found[1]!
  return ok(isNegative ? `-${amount}` : amount)
}
/** Moves the decimal point to the right: exact, never through a double. */
function shifted(digits: string, places: number): string {
  const [whole = '', part = ''] = digits.split('.')
  const all = whole + part.padEnd(places, '0')
  const point = whole.length + places
  const [head, tail] = [all.slice(0, point).replace(/^0+(?=\d)/, ''), all.slice(point)]
  return tail ? `${head}.${tail}` : head
}

const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
const groups = ['', '万', '亿', '万亿', '亿亿']
/** A sum in financial capitals, as contracts and receipts want it: 1200.50 → 壹仟贰佰元伍角整. Null beyond jiao and fen, or beyond 亿亿. */
export function moneyInWords(value: string): string | null {
  const found = /^(-?)(\d{1,20})(?:\.(\d+))?$/.exec(value)
  if (!found || (found[3] ?? '').replace(/0+$/, '').length > 2) return null
  const whole = found[2]!.replace(/^0+/, '')
  const [jiao = 0, fen = 0] = (found[3] ?? '').padEnd(2, '0').slice(0, 2).split('').map(Number)
  const yuan = whole ? `${wholeInWords(whole)}元` : ''
  const rest = jiao || fen ? `${jiao ? `${digits[jiao]}角` : yuan ? '零' : ''}${fen ? `${digits[fen]}分` : '整'}` : '整'
  const text = yuan || jiao || fen ? yuan + rest : '零元整'
  return (found[1] && text !== '零元整' ? '负' : '') + text
}
function wholeInWords(whole: string): string {
  const parts: string[] = []
  const count = Math.ceil(whole.length / 4)
  const padded = whole.padStart(count * 4, '0')
  for (let at = 0; at < count; at++) {
    const group = padded.slice(at * 4, at * 4 + 4)
    if (group === '0000') {
      parts.push('零')
      continue
    }
    parts.push([...group].map((d, i) => (d === '0' ? '零' : digits[Number(d)]! + places[3 - i]!)).join('').replace(/零+$/, '') + groups[count - 1 - at]! + (group.endsWith('0') ? '零' : '')) // prettier-ignore
  }
  return parts
    .join('')
    .replace(/零+/g, '零')
    .replace(/^零|零$/g, '')
}
