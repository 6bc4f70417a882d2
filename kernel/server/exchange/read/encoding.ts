import { createReadStream } from 'node:fs'

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'
export const encodingNames: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  gb18030: 'GB18030',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16（大端）',
}

/** The encoding of a text file, from its mark or from all of its bytes; null when it is no text. */
export async function detectEncoding(path: string, head: Buffer): Promise<Encoding | null> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]!++
  const [even, odd] = zeros as [number, number]
  // Delimiters, digits and line ends of UTF-16 have a zero on one side only.
  if (even + odd > 0)
    return odd > even * 10 && odd > head.length / 100 ? 'utf-16le' : even > odd * 10 && even > head.length / 100 ? 'utf-16be' : null
  return (await decodes(path, 'utf-8')) ? 'utf-8' : 'gb18030'
}

/** A head in plain ASCII says nothing about the rest, so the whole file is tried. */
async function decodes(path: string, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) decoder.decode(chunk as Buffer, { stream: true })
    decoder.decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** The file's text in portions. Bytes that mean nothing become U+FFFD, which the import flags. */
export async function* readText(path: string, encoding: Encoding, onBytes?: (done: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 19 })) {
    bytes += (chunk as Buffer).length
    onBytes?.(bytes)
    const text = decoder.decode(chunk as Buffer, { stream: true })
    if (text) yield text
  }
  const rest = decoder.decode()
  if (rest) yield rest
}
