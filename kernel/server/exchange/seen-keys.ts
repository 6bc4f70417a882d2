/**
 * The line on which each key first stood, for millions of lines in a few bytes each: keys are kept as 64-bit hashes in one flat table.
 * Among five million keys the chance that any two share a hash is below one in a million.
 */
export class SeenKeys {
  private table = new Uint32Array(3 * 1024)
  private count = 0

  /** The earlier line with this key; without one, this line is noted and the answer is null. */
  first(key: string, line: number): number | null {
    if (this.count * 2 > this.table.length / 3) this.grow()
    const [a, b] = hashOf(key)
    const at = this.placeOf(a, b)
    const known = this.table[at + 2]!
    if (known) return known
    this.put(at, a, b, line)
    this.count++
    return null
  }
  private placeOf(a: number, b: number): number {
    const slots = this.table.length / 3
    for (let slot = a & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * 3
      // Lines count from 1, so 0 is a free place.
      if (this.table[at + 2] === 0 || (this.table[at] === a && this.table[at + 1] === b)) return at
    }
  }
  private put(at: number, a: number, b: number, line: number): void {
    this.table[at] = a
    this.table[at + 1] = b
    this.table[at + 2] = line
  }
  private grow(): void {
    const old = this.table
    this.table = new Uint32Array(old.length * 2)
    for (let at = 0; at < old.length; at += 3)
      if (old[at + 2]) this.put(this.placeOf(old[at]!, old[at + 1]!), old[at]!, old[at + 1]!, old[at + 2]!)
  }
}

/** Two independent 32-bit hashes (cyrb53's two halves, before they are cut). */
function hashOf(key: string): [number, number] {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < key.length; i++) {
    const c = key.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return [a >>> 0, b >>> 0]
}
