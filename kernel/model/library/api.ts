import type { DesignKindName } from '../designs/kind.ts'
import type { ImportLine } from '../api-designs.ts'
import type { LibraryCategory, LibraryState } from './form.ts'

/** In which library: this installation's own, or the one that it asks. */
export type LibraryPlace = 'own' | 'other'
export interface LibraryItem {
  id: string
  name: string
  purpose: string
  category: LibraryCategory
  hospital: string
  version: number
  status: LibraryState
  takings: number
  words: string
  at: string
}
/** GET /api/library, and to programs GET /api/library-api/forms */
export interface LibraryPage {
  rows: LibraryItem[]
  /** The last of this page, where there are more. */
  next: string | null
}
/** GET /api/library/:place/:id: with what taking it would do here. */
export interface LibraryAnswer {
  item: LibraryItem
  lines: ImportLine[]
}
/** To programs GET /api/library-api/forms/:id */
export interface LibraryFile {
  item: LibraryItem
  file: unknown
}
/** The library that this installation asks. The secret leaves nobody. */
export interface LibraryConnection {
  url: string
  key: string
  at: string
  by: string
}
/** GET /api/library/head: where one can look, and what waits. */
export interface LibraryHead {
  connection: LibraryConnection | null
  pending: number
}
/** POST /api/library/offers/preview: what would go along, and what of it is left here. */
export interface OfferPreview {
  pieces: { kind: DesignKindName; name: string; label: string; isNeeded: boolean; leftOut: string[] }[]
}
