// Somebody's page that stands open: hears that something changed, and asks what, as the page of the product does.
import type { Served } from './harness.ts'

export type Headers = Record<string, string>
export interface News {
  stream?: string
  counts?: true
  within?: number
  records?: { resource: string; id: string }[]
}
/** Where the product is reached: another process after a restart. */
export type House = Pick<Served, 'url'>

export async function json<T>(house: House, headers: Headers, method: string, path: string, given?: object): Promise<T> {
  const ask = () =>
    fetch(house.url + path, {
      method,
      headers: { ...headers, ...(given ? { 'content-type': 'application/json' } : {}) },
      ...(given ? { body: JSON.stringify(given) } : {}),
    })
  let answer = await ask()
  // A busy house is asked again, as the page does.
  for (let tries = 0; answer.status === 503 && tries < 5; tries++) {
    await new Promise((done) => setTimeout(done, 300 * (1 + Math.random())))
    answer = await ask()
  }
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

export class OpenPage {
  readonly headers: Headers
  /** What came over the stream, and when the stream begins or ends. */
  heard: (news: News) => void = () => undefined
  ended: () => void = () => undefined
  private readonly gone = new AbortController()
  private readonly house: House
  constructor(house: House, headers: Headers) {
    this.house = house
    this.headers = headers
  }
  /** Until the stream stands; answers its id. */
  async open(): Promise<{ stream: string }> {
    const answer = await fetch(`${this.house.url}/api/live`, { headers: this.headers, signal: this.gone.signal })
    if (!answer.ok || !answer.body) throw new Error(`live: ${answer.status}`)
    const { promise, resolve } = Promise.withResolvers<{ stream: string }>()
    void this.listen(answer.body, resolve).catch(() => undefined).finally(() => this.ended()) // prettier-ignore
    return promise
  }
  private async listen(body: ReadableStream<Uint8Array>, opened: (one: { stream: string }) => void): Promise<void> {
    let text = ''
    for await (const piece of body.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      text += piece
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const line = /^data: (.*)$/m.exec(text.slice(0, end))
        text = text.slice(end + 2)
        const news = JSON.parse(line?.[1] ?? '{}') as News
        if (news.stream) opened({ stream: news.stream })
        this.heard(news)
      }
    }
  }
  ask = <T>(method: string, path: string, given?: object): Promise<T> => json<T>(this.house, this.headers, method, path, given)
  close(): void {
    this.gone.abort()
  }
}
