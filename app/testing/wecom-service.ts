import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { jsonAnswer, Loopback, type LoopbackAnswer } from './loopback.ts'

/** WeCom's interface and pages, as an installation in the hospital has them. Whoever comes is `user`; null: somebody who is no member. */
export class WecomService extends Loopback {
  readonly corp = 'ww0123456789abcdef'
  readonly agent = '1000002'
  readonly secret = 'wecom-secret'
  user: string | null = 'nobody'
  /** How many access tokens were given. */
  tokens = 0
  /** Cards that reached somebody, in their order. */
  readonly cards: { user: string; title: string; description: string; url: string }[] = []
  /** Members who may use the application; empty: everybody. */
  readonly members = new Set<string>()
  /** It does not answer; `setup`: does not trust the address that asks; `lost`: it takes the next cards, and its answer never arrives. */
  fault: 'away' | 'lost' | 'setup' | null = null
  /** Users of each call that it took, also of those that it did not show again. */
  readonly sends: string[][] = []
  /** The company's address book. */
  departments: { id: number; name: string; parentid: number }[] = []
  readonly people: {
    userid: string
    name: string
    department: number[]
    main_department: number
    status: number
    gender?: string
    mobile?: string
  }[] = []
  private readonly known = new Set<string>()
  private token = ''
  private readonly codes = new Map<string, string | null>()

  /** The access token ends before its time. */
  endToken(): void {
    this.token = randomUUID()
  }
  protected answer(request: IncomingMessage, url: URL, body: string): LoopbackAnswer {
    const query = url.searchParams
    if (url.pathname === '/connect/oauth2/authorize' || url.pathname === '/wwlogin/sso/login') return this.page(url)
    if (url.pathname === '/cgi-bin/gettoken') {
      if (query.get('corpid') !== this.corp) return jsonAnswer({ errcode: 40013, errmsg: 'invalid corpid' })
      if (query.get('corpsecret') !== this.secret) return jsonAnswer({ errcode: 40001, errmsg: 'invalid credential' })
      this.token = randomUUID()
      this.tokens++
      return jsonAnswer({ errcode: 0, errmsg: 'ok', access_token: this.token, expires_in: 7200 })
    }
    if (url.pathname === '/cgi-bin/message/send') return this.send(request, query, body)
    if (url.pathname === '/cgi-bin/department/list' || url.pathname === '/cgi-bin/user/list') return this.addressBook(url)
    if (url.pathname !== '/cgi-bin/auth/getuserinfo') return { status: 404 }
    if (query.get('access_token') !== this.token) return jsonAnswer({ errcode: 42001, errmsg: 'access_token expired' })
    const code = query.get('code') ?? ''
    const user = this.codes.get(code)
    this.codes.delete(code)
    if (user === undefined) return jsonAnswer({ errcode: 40029, errmsg: 'invalid code' })
    return jsonAnswer({ errcode: 0, errmsg: 'ok', ...(user === null ? { openid: 'o-123' } : { userid: user, user_ticket: 'ticket' }) })
  }
  private addressBook({ pathname, searchParams: query }: URL): LoopbackAnswer {
    if (this.fault === 'away') return { status: 502 }
    if (this.fault === 'setup') return jsonAnswer({ errcode: 60020, errmsg: 'not allow to access from your ip' })
    if (query.get('access_token') !== this.token) return jsonAnswer({ errcode: 42001, errmsg: 'access_token expired' })
    if (pathname === '/cgi-bin/department/list') return jsonAnswer({ errcode: 0, errmsg: 'ok', department: this.departments })
    const department = Number(query.get('department_id'))
    if (!this.departments.some(({ id }) => id === department)) return jsonAnswer({ errcode: 60003, errmsg: 'department not found' })
    return jsonAnswer({ errcode: 0, errmsg: 'ok', userlist: this.people.filter((one) => one.department.includes(department)) })
  } // prettier-ignore
  /** As the interface does: a card whose content one has got within the interval is taken and not shown again. */
  private send(request: IncomingMessage, query: URLSearchParams, body: string): LoopbackAnswer {
    if (this.fault === 'away') return { status: 502 }
    if (this.fault === 'setup') return jsonAnswer({ errcode: 60020, errmsg: 'not allow to access from your ip' })
    if (query.get('access_token') !== this.token) return jsonAnswer({ errcode: 42001, errmsg: 'access_token expired' })
    type Card = Omit<WecomService['cards'][number], 'user'>
    const { touser, agentid, text, textcard = { title: text?.content ?? '', description: '', url: '' }, ...more } = JSON.parse(body) as { touser: string; agentid: number; text?: { content: string }; textcard?: Card; enable_duplicate_check: number }
    if (String(agentid) !== this.agent) return jsonAnswer({ errcode: 40056, errmsg: 'invalid agentid' })
    const users = touser.split('|')
    if (users.length > 1000) return jsonAnswer({ errcode: 40031, errmsg: 'invalid UserID list' })
    if (Buffer.byteLength(textcard.description) > 512 || textcard.title.length > 128) return jsonAnswer({ errcode: 44004, errmsg: 'content size out of limit' })
    this.sends.push(users)
    const isMember = (user: string) => this.members.size === 0 || this.members.has(user)
    for (const user of users.filter(isMember)) {
      const content = JSON.stringify([user, textcard])
      if (more.enable_duplicate_check !== 1 || !this.known.has(content)) this.cards.push({ user, ...textcard })
      this.known.add(content)
    }
    if (this.fault === 'lost') request.socket.destroy()
    return jsonAnswer({ errcode: 0, errmsg: 'ok', invaliduser: users.filter((user) => !isMember(user)).join('|'), msgid: randomUUID() })
  } // prettier-ignore
  private page(url: URL): LoopbackAnswer {
    const query = url.searchParams
    const isInside = url.pathname.startsWith('/connect')
    const isAsked = isInside ? query.get('scope') === 'snsapi_base' && query.get('response_type') === 'code' : query.get('login_type') === 'CorpApp'
    if (!isAsked || query.get('appid') !== this.corp || query.get('agentid') !== this.agent) return { status: 400, body: 'redirect_uri 参数错误' }
    const code = randomUUID()
    this.codes.set(code, this.user)
    const back = new URL(query.get('redirect_uri')!)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state')!)
    return { status: 302, headers: { location: back.href } }
  } // prettier-ignore
}
