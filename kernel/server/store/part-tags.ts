import type { Protector } from '../protection/cipher.ts'

const tagBits = 14

/** As parts of names are compared, by the index and after it: small letters, half-width. */
export const partText = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')

/**
 * Tags of a text's pairs of letters, for an index that finds it by a part: of each pair an HMAC under the field's own key, cut to 14 bits, so that many pairs
 * share a tag and none can be read back from it. What the tags find is candidates: it is decrypted and compared. Sorted, each once; none for a single letter.
 */
export function partTags(protector: Protector, table: string, field: string, text: string): number[] {
  const letters = [...partText(text)]
  const pairs = new Set(letters.slice(1).map((letter, i) => letters[i]! + letter))
  // No key of a field holds a blank: the tags have a key of their own beside that of the blind index.
  const tags = [...pairs].map((pair) => protector.blind(table, `${field} parts`, pair).readUInt16BE(0) >>> (16 - tagBits))
  return [...new Set(tags)].sort((a, b) => a - b)
}
