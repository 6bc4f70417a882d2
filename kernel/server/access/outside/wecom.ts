import { Refusal } from '#model'
import { under } from './address.ts'
import { wayTo, type NamedFetch } from '../../outgoing-named.ts'
import { askOutside } from './asking.ts'
import type { Errand, OutsideIdentity, OutsideWay } from './way.ts'

export interface WecomPlace {
  corp: string
  agent: string
  secret: string
  /** The interface; of an installation in the hospital itself, whose pages then lie there too. */
  base: URL
}
/** The interface of the public service; its pages have hosts of their own. */
export const publicWecom = 'https://qyapi.weixin.qq.com'
const pages = { inside: 'https://open.weixin.qq.com/connect/oauth2/authorize', scan: 'https://login.work.weixin.qq.com/wwlogin/sso/login' }
/** Of the interface's answers: the code is none or was used; the access token is none or has ended. */
const wrongCode = new Set([40029, 40030])
const endedToken = new Set([40014, 42001])
/** So long before its end a token is fetched anew. */
const marginMs = 300_000

interface Answer {
  errcode?: number
  errmsg?: string
  access_token?: string
  expires_in?: number
  userid?: string
}
/** WeCom: within its app the page knows who looks at it; elsewhere a picture is scanned with it. Proves one factor. */
export class WecomWay implements OutsideWay {
  readonly provider = 'wecom'
  readonly label = '企业微信登录'
  private readonly place: WecomPlace
  private token: { value: Promise<string>; until: number } | null = null
  private readonly way: NamedFetch
  constructor(place: WecomPlace) {
    this.place = place
    this.way = wayTo(place.base)
  }
  start({ callback, state }: Errand, agent: string): Promise<string> {
    const { corp, agent: agentid, base } = this.place
    const isInside = /wxwork/i.test(agent)
    const isPublic = base.href === new URL(publicWecom).href
    const page = isInside ? (isPublic ? new URL(pages.inside) : under(base, '/connect/oauth2/authorize')) : isPublic ? new URL(pages.scan) : under(base, '/wwlogin/sso/login')
    const query = isInside
      ? { appid: corp, redirect_uri: callback, response_type: 'code', scope: 'snsapi_base', state, agentid }
      : { login_type: 'CorpApp', appid: corp, agentid, redirect_uri: callback, state }
    for (const [key, value] of Object.entries(query)) page.searchParams.set(key, value)
    if (isInside) page.hash = 'wechat_redirect'
    return Promise.resolve(page.href)
  } // prettier-ignore
  async finish(_errand: Errand, url: URL): Promise<OutsideIdentity> {
    const code = url.searchParams.get('code')
    if (!code) throw new Refusal('outsideRefused', '已在企业微信中取消登录')
    const { userid } = await this.userOf(code)
    if (!userid) throw new Refusal('outsideRefused', '您不是本单位企业微信的成员，不能用它登录')
    return { subject: userid, name: userid, staffNumber: null, twoFactors: false }
  }
  /** A token may end before its time, when somebody else has fetched one: once more with a new one. */
  private async userOf(code: string, isAgain = false): Promise<Answer> {
    const token = await this.accessToken()
    const answer = await this.ask('/cgi-bin/auth/getuserinfo', { access_token: token, code })
    const { errcode = 0 } = answer
    if (errcode === 0) return answer
    if (endedToken.has(errcode) && !isAgain) {
      this.token = null
      return this.userOf(code, true)
    }
    if (wrongCode.has(errcode)) throw new Refusal('outsideRefused', '企业微信的登录码已失效，请重新登录')
    throw this.refusalOf(answer)
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
    if (!answer.access_token) throw this.refusalOf(answer)
    const lasts = (answer.expires_in ?? 0) * 1000
    if (this.token) this.token.until = performance.now() + Math.max(lasts - marginMs, 0)
    return answer.access_token
  }
  private async ask(path: string, query: Record<string, string>): Promise<Answer> {
    const text = await askOutside(this.way, under(this.place.base, path, query), '企业微信')
    try {
      return JSON.parse(text) as Answer
    } catch {
      throw new Refusal('outsideRefused', '企业微信的答复无法识别')
    }
  }
  private refusalOf = ({ errcode, errmsg }: Answer): Refusal =>
    new Refusal('outsideRefused', `企业微信未能确认您的身份（${errcode ?? '无错误码'}）`, { cause: errmsg ?? '' })
}
