import sharp from 'sharp'
import { kindOf, type Field, type PrintBlock, type PrintTemplate } from '#model'
import type { Context } from '../context.ts'
import type { FileStore } from '../files/files.ts'

/** Points of a picture's longer side on paper: 300 to the inch over the width of a page. */
const longest = 1600
/** Of one print, so that nobody prints an album. */
export const mostPictures = 200
const isId = (value: unknown): value is string => typeof value === 'string'

/** The files that a value shows as pictures. */
export const filesIn = (field: Field, value: unknown): string[] =>
  kindOf(field).holdsFiles && field.kind !== 'video' && field.kind !== 'audio' ? [value].flat().filter(isId) : []

/** By what a sheet names the picture that a block brings along: its bytes travel once, however many sheets show it. */
export const ownName = ({ id }: PrintBlock): string => `block ${id}`
/** The pictures that a template brings along, by these names. */
const ownPictures = ({ blocks }: PrintTemplate): [string, string][] =>
  blocks.flatMap((block): [string, string][] => ('image' in block && block.image !== null ? [[ownName(block), block.image]] : []))

export interface PrintPictures {
  /** Addresses that hold the pictures, by file. */
  readonly addresses: Record<string, string>
  /** Files that are no pictures, by name. */
  readonly others: Record<string, string>
}
/** Loads the files of records that the printer sees, and what the template brings along: pictures as PNG or JPEG of the size of paper, of others their names. What is not clean or not there is named too. */
export async function loadPictures(
  ctx: Context,
  files: FileStore,
  ids: Iterable<string>,
  template?: PrintTemplate,
): Promise<PrintPictures> {
  const pictures: PrintPictures = { addresses: {}, others: {} }
  const known = await files.info(ctx, [...new Set(ids)])
  let left = mostPictures
  // Somebody's file as any other: it is drawn anew within the same bounds, and left out where it is no picture.
  for (const [name, address] of template ? ownPictures(template) : []) {
    const own = await drawn(
      Buffer.from(address.slice(address.indexOf(',') + 1), 'base64'),
      address.startsWith('data:image/jpeg') ? 'image/jpeg' : 'image/png',
    )
    if (own) pictures.addresses[name] = own
  }
  for (const file of known) {
    const isPicture = file.type.startsWith('image/') && !file.virus && !file.isWaiting && left > 0
    const address = isPicture ? await drawn(await files.local(file), file.type) : null
    if (address) left--
    if (address) pictures.addresses[file.id] = address
    else pictures.others[file.id] = file.name
  }
  return pictures
}
async function drawn(picture: string | Buffer, type: string): Promise<string | null> {
  try {
    const small = sharp(picture, { limitInputPixels: 100_000_000 }).rotate().resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    const isPhoto = type === 'image/jpeg'
    const bytes = await (isPhoto ? small.jpeg({ quality: 85 }) : small.png()).toBuffer()
    return `data:image/${isPhoto ? 'jpeg' : 'png'};base64,${bytes.toString('base64')}`
  } catch {
    // Gone from the store, or no picture after all: its name stands in its place.
    return null
  }
} // prettier-ignore
