import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import sharp, { type Sharp } from 'sharp'
import { Refusal } from '#model'

/** Points of a picture at most, all frames together: an A3 page at 600 dpi passes, what fills the memory does not. */
export const mostPoints = 100_000_000
const mostSeconds = 30
/** At once in one process: the rest of the thread pool stays for passwords. */
const atOnce = 2
sharp.concurrency(1)
sharp.cache(false)

const writers: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  'image/jpeg': (picture) => picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }),
  'image/png': (picture) => picture.png({ compressionLevel: 6 }),
  'image/webp': (picture) => picture.webp({ quality: 92 }),
  'image/gif': (picture) => picture.gif(),
}
/** Endings of the pictures that are drawn anew. */
export const pictureEndings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
}
const moving = new Set(['image/webp', 'image/gif'])

/** Whether a content of this type is drawn anew before it is kept. */
export const isRedrawn = (type: string): boolean => type in writers

/**
 * Draws a picture anew into another file: upright, without where and by what it was taken, without whatever stood behind or between its points. Answers the hash
 * and size of what was drawn. Refuses what is no whole picture, and what is too large to be drawn.
 */
export async function redraw(from: string, to: string, type: string): Promise<{ hash: string; bytes: number }> {
  await inTurn(() => drawn(from, type).toFile(to)).catch(refuse)
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(to), async (source) => {
    for await (const chunk of source) {
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
    }
  })
  return { hash: hash.digest('hex'), bytes }
}
/** The same of a small picture in memory. */
export const redrawn = (content: Buffer, type: string): Promise<Buffer> => inTurn(() => drawn(content, type).toBuffer()).catch(refuse)

const drawn = (from: string | Buffer, type: string): Sharp =>
  writers[type]!(
    sharp(from, { limitInputPixels: mostPoints, failOn: 'error', sequentialRead: true, animated: moving.has(type) })
      .autoOrient()
      .timeout({ seconds: mostSeconds }),
  )
function refuse(error: unknown): never {
  const { message = '', code } = error as { message?: string; code?: string }
  if (code === 'ENOSPC' || /no space left/i.test(message)) throw new Refusal('unavailable', '磁盘空间不足，文件没有保存')
  if (/exceeds pixel limit|timeout/i.test(message))
    throw new Refusal('invalid', `图片太大（超过 ${mostPoints / 10_000} 万像素），请缩小后上传`)
  throw new Refusal('invalid', '图片已损坏，或内容与扩展名不符，不能上传')
}

let atWork = 0
const waiting: (() => void)[] = []
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (atWork >= atOnce) await new Promise<void>((go) => waiting.push(go))
  else atWork++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else atWork--
  }
}
