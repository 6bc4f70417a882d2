import { may, module, person, resource, text, unit } from '#model'
import { v7 as newId } from 'uuid'
import type { FileValue, TalkAnswer, TalkFound, TalkItem, TalkList, TalkMessage, TalkPage } from '#model'
import { productDefinitions } from '../definitions.ts'
import { hospital, type HttpAnswer, type HttpSession, type TestHospital } from './hospital.ts'
import { studyModule, visaService } from '#kernel/server/flow/testing.ts'

/** 登记: read by its unit's staff and by the office, changed by heads and the office. */
export const entry = resource('ward.entry', {
  label: '登记',
  title: 'name',
  owner: { person: 'author', department: 'unit' },
  fields: {
    name: text('名称', { required: true }),
    author: person('登记人', { default: 'me' }),
    unit: unit('科室', { from: 'author.unit' }),
  },
})
const ward = module('ward', {
  label: '病房',
  dependsOn: ['directory'],
  resources: [entry],
  roles: {
    departmentSecretary: [{ on: entry.name, actions: ['read', 'create'], scope: 'myUnits' }],
    departmentHead: [{ on: entry.name, actions: ['read', 'create', 'update', 'delete'], scope: 'myUnits' }],
    medicalOffice: [may.all(entry)],
  },
})
export const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') // prettier-ignore

/** A hospital whose people talk to one another, each by his name. */
export class Talkers implements AsyncDisposable {
  readonly people: Record<string, string> = {}
  private readonly sessions = new Map<string, HttpSession>()
  readonly h: TestHospital
  private constructor(h: TestHospital) {
    this.h = h
  }
  static async open(names: Readonly<Record<string, Record<string, unknown>>>): Promise<Talkers> {
    const t = new Talkers(await hospital({ defs: productDefinitions([ward, studyModule]), services: [visaService] }))
    for (const [name, more] of Object.entries(names)) await t.add(name, more)
    return t
  }
  async add(name: string, more: Record<string, unknown> = {}): Promise<string> {
    return (this.people[name] = await this.h.person(name, more))
  }
  async by(name: string, method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<HttpAnswer> {
    let session = this.sessions.get(name)
    if (!session) this.sessions.set(name, (session = await this.h.signIn(this.people[name]!)))
    return session.call(method, url, body, headers)
  }
  async session(name: string): Promise<HttpSession> {
    await this.by(name, 'GET', '/api/me')
    return this.sessions.get(name)!
  }
  /** Asks, and fails where that is refused. */
  async need<T>(name: string, method: string, url: string, body?: unknown): Promise<T> {
    const answer = await this.by(name, method, url, body)
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.text}`)
    return answer.json<T>()
  }
  find = (name: string, query: string) => this.need<TalkFound>(name, 'GET', `/api/talks/find?${query}`)
  direct = async (name: string, other: string) =>
    (await this.need<TalkAnswer>(name, 'POST', '/api/talks', { direct: this.people[other] })).id
  about = async (name: string, resource: string, record: string) =>
    (await this.need<TalkAnswer>(name, 'POST', '/api/talks', { resource, record })).id
  group = async (name: string, title: string, members: readonly string[]) =>
    (await this.need<TalkAnswer>(name, 'POST', '/api/talks', { name: title, members: members.map((one) => this.people[one]) })).id
  talk = (name: string, id: string) => this.need<TalkAnswer>(name, 'GET', `/api/talks/${id}`)
  say = (name: string, talk: string, text: string, more: Record<string, unknown> = {}) =>
    this.need<TalkMessage>(name, 'POST', `/api/talks/${talk}/messages`, { id: newId(), text, ...more })
  trySaying = (name: string, talk: string, text: string, more: Record<string, unknown> = {}) =>
    this.by(name, 'POST', `/api/talks/${talk}/messages`, { id: newId(), text, ...more })
  read = (name: string, talk: string, query = '') => this.need<TalkPage>(name, 'GET', `/api/talks/${talk}/messages${query}`)
  texts = async (name: string, talk: string) => (await this.read(name, talk)).rows.filter(({ isNote }) => !isNote).map(({ text }) => text)
  list = async (name: string): Promise<TalkItem[]> => (await this.need<TalkList>(name, 'GET', '/api/talks')).rows
  unread = async (name: string) => (await this.need<{ talks: number }>(name, 'GET', '/api/counts')).talks
  upload(name: string, content: Buffer | string = png, file = '现场.png'): Promise<HttpAnswer> {
    const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="${file}"\r\ncontent-type: application/octet-stream\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from('\r\n--x--\r\n')])
    return this.by(name, 'POST', '/api/files', body, { 'content-type': 'multipart/form-data; boundary=x' })
  }
  sent = async (name: string, content?: Buffer | string, file?: string) => (await this.upload(name, content, file)).json<FileValue>().id
  async entry(name: string, title: string): Promise<string> {
    return (await this.need<{ record: { id: string } }>(name, 'POST', '/api/records/ward.entry', { name: title })).record.id
  }
  async leaves(name: string): Promise<void> {
    await this.h.kernel.db.query(`UPDATE directory.person SET status = 'left' WHERE id = $1`, [this.people[name]])
    this.h.kernel.directoryChanged()
  }
  problems = (answer: HttpAnswer) => answer.json<{ problems?: { field: string; message: string }[] }>().problems
  async [Symbol.asyncDispose](): Promise<void> {
    await this.h[Symbol.asyncDispose]()
  }
}
