import type { Problem } from '#model'
import { newId } from '../api/client.ts'

const away: Problem = { type: 'about:blank', title: '连接不上服务器，请稍后再试', status: 503, code: 'unavailable' }
/** Asks without a session: the answer, or what the server said against it. */
export async function askPublic<T>(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ answer: T } | { problem: Problem }> {
  try {
    const response = await fetch(path, { method, ...(body ? { headers: { 'content-type': 'application/json', 'x-once': newId() }, body: JSON.stringify(body) } : {}) })
    const said = (await response.json()) as unknown
    return response.ok ? { answer: said as T } : { problem: said as Problem }
  } catch {
    return { problem: away }
  }
} // prettier-ignore
