import { Refusal } from '#model'
import { under } from './address.ts'
import { refusalOf, type WecomApi } from './wecom-api.ts'
import type { Errand, OutsideIdentity, OutsideWay } from './way.ts'

/** The interface of the public service; its pages have hosts of their own. */
export const publicWecom = 'https://qyapi.weixin.qq.com'
const pages = { inside: 'https://open.weixin.qq.com/connect/oauth2/authorize', scan: 'https://login.work.weixin.qq.com/wwlogin/sso/login' }
/** Of the interface's answers: the code is none or was used. */
const wrongCode = new Set([40029, 40030])

/** WeCom: within its app the page knows who looks at it; elsewhere a picture is scanned with it. Proves one factor. */
export class WecomWay implements OutsideWay {
  readonly provider = 'wecom'
  readonly label = '企业微信登录'
  private readonly api: WecomApi
  constructor(api: WecomApi) {
    this.api = api
  }
  start({ callback, state }: Errand, agent: string): Promise<string> {
    const { corp, agent: agentid, base } = this.api.place
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
    const answer = await this.api.call('/cgi-bin/auth/getuserinfo', { code })
    const { errcode = 0, userid } = answer
    if (wrongCode.has(errcode)) throw new Refusal('outsideRefused', '企业微信的登录码已失效，请重新登录')
    if (errcode !== 0) throw refusalOf(answer)
    if (!userid) throw new Refusal('outsideRefused', '您不是本单位企业微信的成员，不能用它登录')
    return { subject: userid, name: userid, staffNumber: null, twoFactors: false }
  }
}
