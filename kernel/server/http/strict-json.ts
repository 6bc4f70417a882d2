/** Deeper than anything that the page or a program has to say. */
const deepest = 40
/** Names by which JSON has reached into programs. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

interface Level {
  /** The names of an object so far; null: a list. */
  names: Set<string> | null
  isName: boolean
}
/**
 * What is wrong with a text of JSON beside its grammar, in Chinese: too deep, a name twice in one object (each reader would take another of the two), a name
 * that is no field of anything. Null when nothing is; whether it is JSON at all is said by who parses it.
 */
export function jsonProblem(text: string): string | null {
  const levels: Level[] = []
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1)
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = endOfString(text, at)
        if (level?.names && level.isName) {
          const problem = take(level.names, text.slice(at, end + 1))
          if (problem) return problem
          level.isName = false
        }
        at = end
        break
      }
      case 0x7b:
      case 0x5b:
        if (levels.length === deepest) return `嵌套超过 ${deepest} 层`
        levels.push(text[at] === '{' ? { names: new Set(), isName: true } : { names: null, isName: false })
        break
      case 0x7d:
      case 0x5d:
        levels.pop()
        break
      case 0x2c:
        if (level?.names) level.isName = true
    }
  }
  return null
}
/** The place of the closing quote; the last place of a text that has none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return end
  }
  return text.length
}
function take(names: Set<string>, quoted: string): string | null {
  const name = quoted.includes('\\') ? unescaped(quoted) : quoted.slice(1, -1)
  if (forbidden.has(name)) return `不接受名为“${name}”的内容`
  if (names.has(name)) return `“${name.slice(0, 60)}”出现了两次`
  names.add(name)
  return null
}
function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}
