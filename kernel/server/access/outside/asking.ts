import { Refusal } from '#model'
import type { NamedFetch } from '../../outgoing-named.ts'

const patienceMs = 8000
const usualAnswer = 256 * 1024

/** The text that another system answers, to `body` as JSON where there is one; refuses where it is away, slow, says no, answers without an end or sends us elsewhere. */
export async function askOutside(way: NamedFetch, url: URL, name: string, { body, longest = usualAnswer }: { body?: object | undefined; longest?: number | undefined } = {}): Promise<string> {
  const post = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  try {
    const answer = await way(url, { ...post, signal: AbortSignal.timeout(patienceMs) })
    if (!answer.ok || !answer.body) throw new Error(`${answer.status}`)
    const pieces: Uint8Array[] = []
    let length = 0
    for await (const piece of answer.body) {
      length += piece.length
      if (length > longest) throw new Error('too long')
      pieces.push(piece)
    }
    return Buffer.concat(pieces).toString('utf8')
  } catch {
    throw new Refusal('outsideRefused', `连不上${name}，请稍后再试，或用账号密码登录`)
  }
} // prettier-ignore
