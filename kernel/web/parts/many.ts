/** A large number in few characters: 9,876 · 3.2 万 · 1,234 万 · 2 亿 */
export function manyWord(count: number): string {
  if (count >= 1e8) return `${(Math.round(count / 1e7) / 10).toLocaleString('zh-CN')} 亿`
  if (count >= 1e6) return `${Math.round(count / 1e4).toLocaleString('zh-CN')} 万`
  return count >= 1e4 ? `${Math.round(count / 1e3) / 10} 万` : count.toLocaleString('zh-CN')
}
