/** Bytes of every part of an upload but the last. */
export const partBytes = 4 * 1024 * 1024
/** The largest file that is taken in parts, in bytes. */
export const largestUpload = 2 * 1024 * 1024 * 1024
/** How many parts a file of so many bytes has. */
export const partsOf = (bytes: number): number => Math.ceil(bytes / partBytes)

/** An upload that has begun, and which of its parts have arrived: number (from 0) and CRC-32 (eight hexadecimal digits). */
export interface UploadState {
  id: string
  parts: { part: number; crc32: string }[]
}

/** A size as people read it. */
export const formatBytes = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`
