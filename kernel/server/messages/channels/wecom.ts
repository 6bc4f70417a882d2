import type { WecomApi } from '../../access/outside/wecom-api.ts'
import type { Kernel } from '../../kernel.ts'
import type { Became, Channel, Parcel, Words } from './channel.ts'

/** Of the interface's answers, those about the receivers or the words. All others are about the application or the moment, and pass. */
const never = new Set([40031, 40033, 44004, 45002, 81013])
/** The card would show what looks like a link of a title as one. */
const plain = (text: string): string => text.replaceAll('<', '＜').replaceAll('>', '＞')
/** Its own guard against the same card twice, seconds: as long as it allows. */
const sameWithin = 14_400

/** Cards of WeCom, to whose account is bound to one there. A card opens the very page; within WeCom whoever opens it is signed in at once. */
export class WecomChannel implements Channel {
  readonly name = 'wecom'
  /** What one call takes. */
  readonly atOnce = 1000
  readonly calls = 4
  readonly patienceMs = 30_000
  readonly longest = { title: 60, text: 250 }
  readonly noAddress = '账号没有绑定企业微信'
  private readonly api: WecomApi
  constructor(api: WecomApi) {
    this.api = api
  }
  async addressesOf(kernel: Kernel, people: readonly string[]): Promise<Map<string, string>> {
    const rows = await kernel.db.query<{ person: string; subject: string }>(
      `SELECT person, subject FROM security.binding WHERE provider = 'wecom' AND status = 'active' AND person = ANY ($1::uuid[]) AND deleted_at IS NULL`,
      [people],
    )
    return new Map(rows.map(({ person, subject }) => [person, subject]))
  }
  mask = (address: string): string => address
  async send(parcels: readonly Parcel[], { title, text, link }: Words): Promise<Became[]> {
    const all = (became: Became) => parcels.map(() => became)
    const card = { title: plain(title), description: plain(text || title), url: link, btntxt: '查看' }
    try {
      const answer = await this.api.call('/cgi-bin/message/send', {}, {
        touser: parcels.map(({ address }) => address).join('|'),
        agentid: Number(this.api.place.agent),
        ...(link ? { msgtype: 'textcard', textcard: card } : { msgtype: 'text', text: { content: plain(`${title}\n${text}`).trim() } }),
        enable_duplicate_check: 1,
        duplicate_check_interval: sameWithin,
      })
      const { errcode = 0, invaliduser = '' } = answer
      if (errcode !== 0) return all(never.has(errcode) ? 'refused' : 'away')
      // Who is no member any more, or may not use the application.
      const unknown = new Set(invaliduser.toLowerCase().split('|').filter(Boolean))
      return parcels.map(({ address }) => (unknown.has(address.toLowerCase()) ? 'refused' : 'taken'))
    } catch {
      return all('away')
    }
  } // prettier-ignore
}
