// What the makers of right requests have at hand, and how they say them.
import type { CasService } from './cas-service.ts'
import type { Sent } from './fuzz-mutate.ts'
import type { HttpSession } from './hospital.ts'
import type { MatrixHospital } from './matrix-hospital.ts'
import type { SmsService } from './sms-service.ts'

/** `by`: the role of whoever asks; `stranger` and `program` are nobody's. */
export interface Valid extends Sent {
  by: string
}
export type Maker = (w: FuzzWorld) => Valid | Promise<Valid>
/** Routes, each with the way to a request of its own. */
export type Makers = Readonly<Record<string, Maker>>
/** Somebody who came just now, under a name by which he asks. */
export interface Newcomer {
  by: string
  person: string
  account: string
  mobile: string
}
export interface StrangerAnswer {
  status: number
  text: string
  location: string
  cookie: string
}
export interface FuzzWorld {
  h: MatrixHospital
  sms: SmsService
  cas: CasService
  password: string
  /** Whose password is tried: nobody works under this account. */
  tried: string
  /** Whose password nobody tries or changes. */
  keeper: string
  next(): number
  person(role: string): string
  unit: string
  /** Of whoever's password is tried, and a program. */
  account: string
  client: string
  /** A type that the office reads; another each time. */
  readable(): string
  row(make: (type: string, id: string) => Valid): Valid
  signIn(person: string): Promise<HttpSession>
  newcomer(more?: { roles?: string[] } & Record<string, unknown>): Promise<Newcomer>
  /** Asks, and fails where that is refused. */
  need<T>(valid: Valid): Promise<T>
  /** Asks as nobody, from an address where nobody else is. */
  stranger(method: string, url: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<StrangerAnswer>
  /** What all requests of a kind share, made once. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>
  /** Sends what waits at the gateway for short messages. */
  sendMessages(): Promise<void>
  /** The decision of this one on an approval that waits for him, as it is sent. */
  decision(by: string, instance: string, kind: string, more?: object): Promise<Valid>
  staffNumber(role: string): Promise<string>
  until(isSo: () => Promise<boolean>): Promise<void>
  /** Asks, and answers the text itself. */
  answer(valid: Valid): Promise<{ status: number; text: string }>
  /** Rows of the hospital's database. */
  query<T extends object>(sql: string, values?: readonly unknown[]): Promise<T[]>
}

export const office = 'medicalOffice'
export const as = (by: string, method: string, url: string, body?: unknown, headers?: Record<string, string>): Valid =>
  ({ by, method, url, ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) }) // prettier-ignore
/** A file as a page sends it. */
export const file = (name = 'a.csv', content: string | Buffer = '编码,名称\r\n1,甲\r\n') => ({
  body: Buffer.concat([
    Buffer.from(`--xx\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n--xx--\r\n'),
  ]),
  headers: { 'content-type': 'multipart/form-data; boundary=xx' },
})
export const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') // prettier-ignore
/** A picture that this one has sent: a scan, or a signature. */
export const sentPicture = async (w: FuzzWorld, by: string): Promise<string> => {
  const { body, headers } = file('a.png', picture)
  return (await w.need<{ id: string }>(as(by, 'POST', '/api/files', body, headers))).id
}
