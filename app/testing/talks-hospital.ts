import { choice, date, dateTime, may, module, person, reference, resource, text, unit, type Reminder, type ReminderDetail } from '#model'
import { productDefinitions } from '../definitions.ts'
import { hospital, type HospitalOptions, type HttpSession, type TestHospital } from './hospital.ts'
import { before } from '#kernel/model/reminders/index.ts'
import { runReminders } from '#kernel/server/reminders/run.ts'

const talk = resource('talks.talk', {
  label: '讲学',
  title: 'topic',
  owner: { person: 'speaker', department: 'department' },
  fields: {
    speaker: person('讲者', { required: true }),
    department: unit('科室', { from: 'speaker.unit' }),
    topic: text('题目', { required: true, max: 100 }),
    until: date('截止'),
    helper: person('助手'),
    grade: choice('级别', { high: '高', low: '低' }),
    phone: text('联系电话', { class: 'sensitive' }),
  },
})
const slides = resource('talks.slides', {
  label: '课件',
  title: 'name',
  owner: { person: 'author' },
  fields: {
    talk: reference('讲学', 'talks.talk', { required: true }),
    author: person('作者'),
    name: text('名称', { required: true, max: 100 }),
    shownAt: dateTime('放映时间'),
  },
})
const talks = module('talks', {
  label: '讲学',
  resources: [talk, slides],
  roles: {
    staffMember: [may.readOwn(talk), may.readOwn(slides)],
    departmentHead: [may.read(talk, 'myUnits')],
    medicalOffice: [may.all(talk)],
    hospitalLeader: [may.read(talk, 'hospital', { hide: ['grade'] })],
  },
  remind: [before(talk, 'until', { days: [30, 7], whom: ['owner'], text: '《{topic}》{when}截止' })],
})
export const talksDefinitions = () => productDefinitions([talks])
/** A hospital whose people give talks; it is a Monday. */
export const talkHospital = (options: HospitalOptions = {}): Promise<TestHospital> =>
  hospital({ defs: talksDefinitions(), at: '2026-06-15T10:00:00+08:00', ...options })
export const theirs = 'talks.talk.until'

/** What somebody was told, oldest first, and what he still has to look after. */
export async function heard(h: TestHospital, person: string): Promise<string[]> {
  const rows = await h.kernel.db.query<{ title: string; body: string }>(
    `SELECT title, body FROM kernel.message WHERE person = $1 AND kind = 'reminder' ORDER BY at, id`,
    [person],
  )
  return rows.map(({ title, body }) => (body ? `${title}：${body}` : title))
}
export async function owes(h: TestHospital, person: string): Promise<string[]> {
  const rows = await h.kernel.db.query<{ title: string }>(
    `SELECT title FROM kernel.todo WHERE person = $1 AND closed_at IS NULL ORDER BY title`,
    [person],
  )
  return rows.map(({ title }) => title)
}
export async function on(h: TestHospital, day: string, time = '10:00'): Promise<void> {
  h.clock.set(`${day}T${time}:00+08:00`)
  await runReminders(h.kernel)
}

/** The officer who makes reminders. */
export class Maker {
  readonly h: TestHospital
  readonly person: string
  private constructor(h: TestHospital, person: string) {
    this.h = h
    this.person = person
  }
  static of = async (h: TestHospital): Promise<Maker> => new Maker(h, await h.person('周敏', { unit: '医务处', roles: ['medicalOffice'] }))
  private session = (): Promise<HttpSession> => this.h.signIn(this.person)
  async ask<T = ReminderDetail>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await (await this.session()).call(method, `/api/reminders${path}`, body)
    if (answer.status >= 300) throw new Error(answer.text)
    return answer.json<T>()
  }
  /** Changes what counts for a name; switches it on. */
  async change(name: string, part: Partial<Reminder>): Promise<ReminderDetail> {
    const { version, definition } = await this.ask('GET', `/${name}`)
    await this.ask('PUT', `/${name}`, { version, definition: { ...definition, ...part } })
    return this.ask('POST', `/${name}/switch`, { isOn: true })
  }
  /** Makes one of its own, switched on. */
  async make(part: Partial<Reminder>, resource = 'talks.talk'): Promise<ReminderDetail> {
    const { name } = await this.ask('POST', '', { resource, label: '讲学提醒' })
    return this.change(name, { restDays: 'same', ...(resource === 'talks.talk' ? { text: '{topic}' } : {}), ...part })
  }
  /** What is wrong with a definition, each at its place. */
  async wrong(name: string, part: object): Promise<Record<string, string>> {
    const { version, definition } = await this.ask('GET', `/${name}`)
    const answer = await (await this.session()).call('PUT', `/api/reminders/${name}`, { version, definition: { ...definition, ...part } })
    return Object.fromEntries((answer.json<{ problems?: { field: string; message: string }[] }>().problems ?? []).map(({ field, message }) => [field, message]))
  }
} // prettier-ignore
