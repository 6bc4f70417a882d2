import { checkExpression } from '../expression/expression.ts'
import type { Fields } from '../fields/field.ts'

const loops = /\.(?:all|exists|exists_one|map|filter)\s*\(/g
/**
 * What is wrong with an expression that somebody wrote in the browser, in words; null when nothing is. Beside its grammar: a walk over a sub-table within
 * another would take the square of its rows, and patterns stand in a field's 格式, where they are held to end.
 */
export function expressionProblem(text: string, fields: Fields): string | null {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')
  if (/\bmatches\s*\(/.test(bare)) return '公式中不能用 matches：请在字段的“格式”中设置'
  if (isNested(bare)) return '公式中一处遍历里不能再有遍历'
  const problem = checkExpression(text, fields)
  return problem === null ? null : inWords(problem.split('\n')[0] ?? '')
}
function isNested(bare: string): boolean {
  for (const found of bare.matchAll(loops)) {
    let depth = 1
    let at = found.index + found[0].length
    const from = at
    for (; at < bare.length && depth > 0; at++) depth += bare[at] === '(' ? 1 : bare[at] === ')' ? -1 : 0
    if (new RegExp(loops.source).test(bare.slice(from, at))) return true
  }
  return false
}
const words: readonly [RegExp, (found: RegExpExecArray) => string][] = [
  [/Unknown variable: (\S+)/i, ([, name]) => `公式里的“${name}”不是本类记录的字段`],
  [/found no matching overload for '?([^']+?)'?(?:\(|$)/i, ([, name]) => `“${name}”用在了不合适的值上`],
  [/no such overload: (.+)/i, ([, what]) => `这里的两种值不能这样运算（${what}）`],
  [/Unexpected (?:token|character)(.*)/i, ([, what]) => `公式写法有误，多出或缺少符号${what}`],
  [/Expected (.+)/i, ([, what]) => `公式写法有误，此处应为 ${what}`],
  [/Exceeded max(\w+)/i, () => '公式太长或嵌套太深'],
]
function inWords(message: string): string {
  for (const [pattern, say] of words) {
    const found = pattern.exec(message)
    if (found) return say(found)
  }
  return `公式无法识别：${message}`
}
