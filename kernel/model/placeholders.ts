/** Texts with fields in braces, of which only those of a closed list may stand there: `{title}`. */
const pattern = /\{([^{}]*)\}/g
/** The names in a text: `{to}`. */
export const namesIn = (text: string): string[] => [...text.matchAll(pattern)].map(([, name]) => name!)
/** The text with its fields filled, once: what a record says is never read as a text itself. */
export const fillWords = (text: string, read: (name: string) => string): string => text.replaceAll(pattern, (_, name: string) => read(name))

/** What is wrong with a text, in words; null when nothing is. */
export function wordsProblem(text: string, most: number, known: readonly string[]): string | null {
  if (!text.trim()) return '请填写'
  if (text.length > most) return `不超过 ${most} 字`
  const unknown = namesIn(text).find((name) => !known.includes(name))
  if (unknown !== undefined) return `没有字段 {${unknown}}；可用：${known.map((name) => `{${name}}`).join(' ')}`
  if (/[{}]/.test(text.replaceAll(pattern, ''))) return '花括号没有成对'
  return null
}
