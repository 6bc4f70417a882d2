import { addressFrom } from './address.ts'
import { CasWay } from './cas.ts'
import { OidcWay } from './oidc.ts'
import type { OutsideWay } from './way.ts'
import { smsFromEnvironment, type SmsGateway } from '../sms/gateway.ts'
import { publicWecom, WecomWay } from './wecom.ts'
import { WecomApi } from './wecom-api.ts'
import { MailServer, mailFromEnvironment } from '../../messages/channels/mail-server.ts'
import { databasesFromEnvironment, type NamedDatabase } from '../../named-database.ts'

/** Other systems that the administrator has named at the start: through which one may come in beside account and password, and whom this house speaks to. */
export interface SignInWays {
  /** Under which address people know this house; null: the one that each of them asks for. */
  publicUrl: string | null
  ways: readonly OutsideWay[]
  /** By which codes are sent to telephones; null: none, and no forgotten password is replaced by itself. */
  sms: SmsGateway | null
  /** By which messages go to WeCom, and to mailboxes; null: not at all. */
  wecom: WecomApi | null
  mail: MailServer | null
  /** From which people and units are read, by the code of their source. */
  databases: ReadonlyMap<string, NamedDatabase>
}
export const noOtherWays: SignInWays = { publicUrl: null, ways: [], sms: null, wecom: null, mail: null, databases: new Map() }
type Environment = Readonly<Record<string, string | undefined>>

/** Reads the other ways to sign in from the environment; what cannot work is told before anything is started. */
export function waysFromEnvironment(env: Environment): SignInWays {
  const need = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`缺少 ${name}`)
    return value
  }
  const ways: OutsideWay[] = []
  if (env['XINGLIN_OIDC_ISSUER'])
    ways.push(
      new OidcWay({
        issuer: addressFrom(env, 'XINGLIN_OIDC_ISSUER'),
        clientId: need('XINGLIN_OIDC_CLIENT'),
        secret: need('XINGLIN_OIDC_SECRET'),
        label: env['XINGLIN_OIDC_LABEL'] ?? '统一身份认证登录',
        staffClaim: env['XINGLIN_OIDC_STAFF_CLAIM'] ?? null,
        hosts: (env['XINGLIN_OIDC_HOSTS'] ?? '')
          .split(',')
          .filter((one) => one.trim())
          .map((one) => addressFrom({ XINGLIN_OIDC_HOSTS: one.trim() }, 'XINGLIN_OIDC_HOSTS')),
      }),
    )
  const wecom = env['XINGLIN_WECOM_CORP']
    ? new WecomApi({
        corp: env['XINGLIN_WECOM_CORP'],
        agent: need('XINGLIN_WECOM_AGENT'),
        secret: need('XINGLIN_WECOM_SECRET'),
        base: addressFrom(env, 'XINGLIN_WECOM_BASE', publicWecom),
      })
    : null
  if (wecom) ways.push(new WecomWay(wecom))
  if (env['XINGLIN_CAS'])
    ways.push(
      new CasWay({
        base: addressFrom(env, 'XINGLIN_CAS'),
        label: env['XINGLIN_CAS_LABEL'] ?? '单点登录',
        staffClaim: env['XINGLIN_CAS_STAFF_CLAIM'] ?? null,
      }),
    )
  const publicUrl = env['XINGLIN_URL']
  if (publicUrl && (!URL.canParse(publicUrl) || new URL(publicUrl).origin !== publicUrl.replace(/\/$/, '')))
    throw new Error(`XINGLIN_URL“${publicUrl}”不对，应为 https://主机[:端口]`)
  return {
    publicUrl: publicUrl ? new URL(publicUrl).origin : null,
    ways,
    sms: smsFromEnvironment(env),
    wecom,
    mail: mailFromEnvironment(env),
    databases: databasesFromEnvironment(env),
  }
}
