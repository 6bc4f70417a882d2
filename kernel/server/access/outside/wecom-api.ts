import { Refusal } from '#model'
import { wayTo, type NamedFetch } from '../../outgoing-named.ts'
import { under } from './address.ts'
import { askOutside } from './asking.ts'

export interface WecomPlace {
  corp: string
  agent: string
  secret: string
  /** The interface; of an installation in the hospital itself, whose pages then lie there too. */
  base: URL
}
/** Of the interface's answers: the access token is none or has ended. */
const endedToken = new Set([40014, 42001])
/** So long before its end a token is fetched anew. */
const marginMs = 300_000

export interface WecomAnswer {
  errcode?: number
  errmsg?: string
  access_token?: string
  expires_in?: number
  userid?: string
  invaliduser?: string
  department?: { id: number; name?: string; parentid?: number }[]
  userlist?: WecomMember[]
}
/** What its address book says of a member; of mobile, mail and sex only what the company has opened to the application. */
export interface WecomMember {
  userid: string
  name?: string
  department?: number[]
  main_department?: number
  mobile?: string
  email?: string
  gender?: string
  /** 1 active, 2 disabled, 4 not yet active, 5 has left. */
  status?: number
}
/** WeCom's interface as one application of one company: its access token is fetched once and held until it ends. */
export class WecomApi {
  readonly place: WecomPlace
  private token: { value: Promise<string>; until: number } | null = null
  private readonly way: NamedFetch
  constructor(place: WecomPlace) {
    this.place = place
    this.way = wayTo(place.base)
  }
  /** What it answers under our token. A token may end before its time, when somebody else has fetched one: once more with a new one. @throws {Refusal} when it is away. */
  async call(path: string, query: Readonly<Record<string, string>>, body?: object, longest?: number): Promise<WecomAnswer> {
    const used = await this.accessToken()
    const answer = await this.ask(path, { access_token: used, ...query }, body, longest)
    if (!endedToken.has(answer.errcode ?? 0)) return answer
    // Another call may have fetched a new one meanwhile.
    if ((await this.token?.value.catch(() => used)) === used) this.token = null
    return this.ask(path, { access_token: await this.accessToken(), ...query }, body, longest)
  }
  private accessToken(): Promise<string> {
    const now = performance.now()
    if (this.token && now < this.token.until) return this.token.value
    const held = { value: this.fetchToken(), until: now + marginMs }
    held.value.then(
      () => undefined,
      () => void (this.token === held && (this.token = null)),
    )
    this.token = held
    return held.value
  }
  private async fetchToken(): Promise<string> {
    const answer = await this.ask('/cgi-bin/gettoken', { corpid: this.place.corp, corpsecret: this.place.secret })
    if (!answer.access_token) throw refusalOf(answer)
    const lasts = (answer.expires_in ?? 0) * 1000
    if (this.token) this.token.until = performance.now() + Math.max(lasts - marginMs, 0)
    return answer.access_token
  }
  private async ask(path: string, query: Readonly<Record<string, string>>, body?: object, longest?: number): Promise<WecomAnswer> {
    const text = await askOutside(this.way, under(this.place.base, path, query), '企业微信', { body, longest })
    try {
      return JSON.parse(text) as WecomAnswer
    } catch {
      throw new Refusal('outsideRefused', '企业微信的答复无法识别')
    }
  }
}
export const refusalOf = ({ errcode, errmsg }: WecomAnswer): Refusal =>
  new Refusal('outsideRefused', `企业微信未能确认您的身份（${errcode ?? '无错误码'}）`, { cause: errmsg ?? '' })
