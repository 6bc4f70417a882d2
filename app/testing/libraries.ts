import { createClient } from '#kernel/server/access/clients/keys.ts'
import { workPublishing } from '#kernel/server/designs/publisher.ts'
import type { DesignAnswer, IssuedKey } from '#model'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'

/** A hospital with an implementer, which other installations reach, and which may ask another one's library. */
export class LibraryHospital implements AsyncDisposable {
  readonly h: TestHospital
  readonly url: string
  readonly implementer: HttpSession
  private constructor(h: TestHospital, url: string, implementer: HttpSession) {
    this.h = h
    this.url = url
    this.implementer = implementer
  }
  static async open(): Promise<LibraryHospital> {
    const h = await hospital()
    const url = await h.house.server.app.listen({ port: 0, host: '127.0.0.1' })
    return new LibraryHospital(h, url, await h.signIn(await h.person('实施员', { roles: ['implementer'] })))
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.h[Symbol.asyncDispose]()
  }
  call = (method: string, path: string, body?: unknown): Promise<HttpAnswer> => this.implementer.call(method, path, body)
  /** Enters a hospital whose program may ask here. */
  admit = (name: string, rights: readonly string[]): Promise<IssuedKey> => createClient(this.h.kernel, { name, rights, more: { proof: 'signed', perMinute: 1000 } })
  /** Asks that library from now on. */
  connect = (url: string, { key, secret }: IssuedKey): Promise<HttpAnswer> => this.call('PUT', '/api/library/connection', { url, key, secret })
  /** Draws a piece; answers its name. */
  async begin(kind: string, content: unknown): Promise<string> {
    const answer = await this.call('POST', `/api/designs/${kind}`, { content })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json<DesignAnswer & Record<string, unknown>>().name
  }
  async publish(kind: string, name: string): Promise<void> {
    const asked = await this.call('POST', '/api/publishings', { items: [{ kind, name }] })
    while (await workPublishing(this.h.kernel, this.h.database.ownerUrl, 2000));
    const { state } = (await this.call('GET', `/api/publishings/${asked.json<{ id: string }>().id}`)).json<{ state: string }>()
    if (state !== 'done') throw new Error(asked.text)
  }
  offer = (names: readonly string[], place: 'own' | 'other', more: object = {}): Promise<HttpAnswer> =>
    this.call('POST', '/api/library/offers', { names, name: '设备借用登记', purpose: '科室之间借用抢救设备', category: 'logistics', place, ...more })
} // prettier-ignore

/** 设备借用登记, with as many further fields. */
export const loanType = (more: readonly string[] = []) => ({
  label: '设备借用登记',
  title: 'xname01',
  fields: [
    { key: 'xname01', kind: 'text', label: '设备名称', required: true, options: { max: 50 } },
    { key: 'xdays01', kind: 'integer', label: '天数', options: { min: 1 } },
    ...more.map((label, n) => ({ key: `xmore0${n}`, kind: 'text', label, options: {} })),
  ],
  grants: [{ role: 'implementer', actions: ['read', 'create', 'update'], scope: 'hospital' }],
})
