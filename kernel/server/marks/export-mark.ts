import { randomBytes } from 'node:crypto'
import { dayOf, formatInstant, type SealedMark } from '#model'
import { nameOfActor, personOf, type Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { Place } from '../protection/cipher.ts'

/** Who took a file away, when and under which number: stands in it for everybody to read, and once more sealed, for whoever would cut that off. */
export interface ExportMark {
  title: string
  by: string
  staffNumber: string | null
  at: Date
  number: string
  /** The same under a key of the hospital, so that nobody writes another's. */
  sealed: string
}
/** The property of a workbook or a PDF that holds what is sealed. */
export const markProperty = 'XinglinExport'
/** `DC20260615-7K3QF0ZX` */
export const markNumberPattern = /DC\d{8}-[0-9A-HJKMNP-TV-Z]{8}/
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A mark goes out with its file: it belongs to no row. */
export const markPlace: Place = { resource: 'kernel.export_mark', record: '', field: 'mark' }
/** Marks what the actor takes away under this title. Its number belongs into the audit of the act. */
export function markOf(kernel: Kernel, ctx: Context, title: string): ExportMark {
  const at = ctx.clock.now()
  const person = personOf(ctx.actor)
  const by = nameOfActor(ctx.actor)
  const staffNumber = (person && ctx.directory.people.get(person)?.staffNumber) ?? null
  const number = `DC${dayOf(at).replaceAll('-', '')}-${[...randomBytes(8)].map((byte) => letters[byte % 32]).join('')}`
  const told: SealedMark = { number, by, person, staffNumber, at: at.toISOString(), title, address: ctx.address }
  const sealed = kernel.protector.seal(markPlace, JSON.stringify(told)).toString('base64url')
  return { title, by, staffNumber, at, number, sealed }
}
/** 周敏 10001 · 2026-06-15 12:00 · DC20260615-7K3QF0ZX */
export const markWords = ({ by, staffNumber, at, number }: Pick<ExportMark, 'by' | 'staffNumber' | 'at' | 'number'>): string =>
  `${[by, staffNumber].filter(Boolean).join(' ')} · ${formatInstant(at)} · ${number}`
