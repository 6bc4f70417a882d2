import { hash } from 'node:crypto'
import type { CopiedRow } from './copied-rows.ts'

/** What a copied column is: its text, as the database hashes it, is made here, because there it would cost more than all the rest. */
export type Kind = 'integer' | 'instant' | 'uuid' | 'text'

const [colon, dash, zero, n] = [58, 45, 48, 110]
const hexDigits = Buffer.from('0123456789abcdef')
const beforeGroup = new Set([4, 6, 8, 10])
// PostgreSQL counts microseconds from 2000-01-01.
const epoch2000 = 946_684_800_000_000

/** Makes the text of copied rows, part by part with its length in characters before it, and hashes it. One buffer serves all rows. */
export class RowText {
  seq = 0
  private readonly kinds: readonly Kind[]
  private text = Buffer.alloc(4096)
  private at = 0

  /** The first column is the entry's number. */
  constructor(kinds: readonly Kind[]) {
    this.kinds = kinds
  }

  /** The SHA-256 of the row's text, as `shaOf` writes it; `seq` then is the row's number. */
  hashOf(row: CopiedRow): string {
    return hash('sha256', this.textOf(row), 'binary')
  }

  /** The row's text; valid until the next row. */
  textOf({ bytes, at: from, fields }: CopiedRow): Buffer {
    this.at = 0
    let at = from
    for (let i = 0; i < fields; i++) {
      const length = bytes.readInt32BE(at)
      at += 4
      this.makeRoom(length)
      if (length === -1) this.putNull()
      else {
        this.putPart(this.kinds[i]!, bytes, at, length, i === 0)
        at += length
      }
    }
    return this.text.subarray(0, this.at)
  }

  private makeRoom(length: number): void {
    if (this.at + length + 64 <= this.text.length) return
    const larger = Buffer.alloc((this.at + length + 64) * 2)
    this.text.copy(larger, 0, 0, this.at)
    this.text = larger
  }
  private putNull(): void {
    this.text[this.at++] = zero
    this.text[this.at++] = n
  }
  private putPart(kind: Kind, bytes: Buffer, at: number, length: number, isSeq: boolean): void {
    if (kind === 'text') this.putText(bytes, at, length)
    else if (kind === 'uuid') this.putUuid(bytes, at)
    else {
      const value = bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
      if (isSeq) this.seq = value
      this.putNumber(kind === 'instant' ? value + epoch2000 : value)
    }
  }

  private putText(bytes: Buffer, from: number, length: number): void {
    let characters = length
    // What is not ASCII has bytes that only continue a character.
    for (let i = from; i < from + length; i++) if ((bytes[i]! & 0xc0) === 0x80) characters--
    this.putDigits(characters)
    this.text[this.at++] = colon
    bytes.copy(this.text, this.at, from, from + length)
    this.at += length
  }
  private putUuid(bytes: Buffer, from: number): void {
    const { text } = this
    let { at } = this
    text[at++] = zero + 3
    text[at++] = zero + 6
    text[at++] = colon
    for (let i = 0; i < 16; i++) {
      if (beforeGroup.has(i)) text[at++] = dash
      const byte = bytes[from + i]!
      text[at++] = hexDigits[byte >> 4]!
      text[at++] = hexDigits[byte & 15]!
    }
    this.at = at
  }
  private putNumber(value: number): void {
    const size = Math.abs(value)
    let digits = 1
    for (let limit = 10; limit <= size; limit *= 10) digits++
    this.putDigits(value < 0 ? digits + 1 : digits)
    this.text[this.at++] = colon
    if (value < 0) this.text[this.at++] = dash
    this.putDigits(size, digits)
  }
  private putDigits(value: number, known?: number): void {
    let digits = known ?? 1
    if (known === undefined) for (let limit = 10; limit <= value; limit *= 10) digits++
    let rest = value
    for (let i = this.at + digits - 1; i >= this.at; i--) {
      const next = Math.floor(rest / 10)
      this.text[i] = zero + (rest - next * 10)
      rest = next
    }
    this.at += digits
  }
}
