import { createRequire } from 'node:module'

interface Font {
  characterSet: number[]
}
const require = createRequire(import.meta.url)
let known: Set<number> | null = null
/** The letters that the product's font has. */
function letters(): Set<number> {
  if (known) return known
  const { openSync } = require('fontkit') as { openSync(path: string): Font }
  known = new Set(openSync(require.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf')).characterSet)
  return known
}
/** The sign that printers set where they have no type. */
const geta = '〓'
const invisible = /[\p{Cc}\p{Mn}\p{Cf}\s]/u

/** Says texts in letters that the font has: another one becomes 〓, and `missing` tells which they were, so that nobody takes an empty box for a name. */
export function printable(): { say(text: string): string; missing(): string | null } {
  const none = new Set<string>()
  const has = letters()
  return {
    say: (text) => {
      let said = ''
      for (const letter of text) {
        const isThere = has.has(letter.codePointAt(0)!) || invisible.test(letter)
        if (!isThere) none.add(letter)
        said += isThere ? letter : geta
      }
      return said
    },
    missing: () => none.size ? `〓：字库没有的字 ${[...none].slice(0, 20).map((letter) => `U+${letter.codePointAt(0)!.toString(16).toUpperCase()}`).join('、')}，请手工填写` : null,
  }
} // prettier-ignore
