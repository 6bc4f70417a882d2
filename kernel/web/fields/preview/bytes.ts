import type { Problem } from '#model'
import { here } from '../../api/place.ts'
import { ApiError, Unreachable } from '../../api/problem.ts'

/** The first bytes of a file; a refusal is thrown with the server's words. */
export async function bytesOf(id: string, most: number, signal?: AbortSignal): Promise<Uint8Array> {
  const asked = { headers: { range: `bytes=0-${most - 1}` }, ...(signal ? { signal } : {}) }
  const answer = await fetch(here(`/api/files/${id}`), asked).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Unreachable()
  })
  // An empty file has no first byte to be asked for.
  if (answer.status === 416) return new Uint8Array()
  if (!answer.ok) throw new ApiError((await answer.json().catch(() => ({ type: 'about:blank', code: 'fault', status: answer.status, title: '文件打不开' }))) as Problem) // prettier-ignore
  return new Uint8Array(await answer.arrayBuffer())
}
