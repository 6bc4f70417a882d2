import type { Subject } from '#model'
import type { Queryable } from '../database/database.ts'
import type { Kernel } from '../kernel.ts'
import { sealUnder, type Place } from '../protection/cipher.ts'
import { Unreadable } from '../protection/subject-keys.ts'

/** What a stranger is told who holds a paper: as it was printed. */
export type Told = { label: string; text: string }[]
const placeOf = (print: string): Place => ({ resource: 'kernel.print', record: print, field: 'told' })

export interface Telling {
  print: string
  record: string
  told: Told
}
/** Seals what papers tell, by print, under the keys of their records: erased with the person where the rows of a type are somebody's, else with the record. */
export async function sealTold(kernel: Kernel, db: Queryable, isOnes: boolean, tellings: readonly Telling[]): Promise<Map<string, Buffer>> {
  if (tellings.length === 0) return new Map()
  const subject: Subject = isOnes ? 'person' : 'record'
  const keys = await kernel.subjectKeys.needed(db, tellings.map(({ record }) => record), subject)
  return new Map(tellings.map(({ print, record, told }) => [print, sealUnder(keys.get(record)!, placeOf(print), JSON.stringify(told))]))
} // prettier-ignore
/** What was erased, or does not open, is not told. */
export async function openTold(kernel: Kernel, { id, told }: { id: string; told: Buffer | null }): Promise<Told> {
  if (told === null) return []
  const opened = (await kernel.subjectKeys.opener(kernel.db, [told])).tryOpen(placeOf(id), told)
  return opened instanceof Unreadable ? [] : (JSON.parse(opened) as Told)
}
