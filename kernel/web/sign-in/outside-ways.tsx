import type { OutsideProvider, SignInPageFacts } from '#model'

export const outsideLabels: Readonly<Record<OutsideProvider, string>> = { oidc: '统一身份认证', wecom: '企业微信', cas: '单点登录' }

/** Where the other system is asked who it is; it leads back to the page `to`. */
export const wayThrough = (provider: OutsideProvider, to: string): string => `/api/sign-in/outside/${provider}?to=${encodeURIComponent(to)}`

interface Props {
  ways: SignInPageFacts['ways']
  /** The page that is open must stay as it is: they open in a window of their own. */
  isBeside?: boolean
}
/** Other systems through which one may come in; they send the browser back to the page that is open. */
export function OutsideWays({ ways, isBeside = false }: Props) {
  if (ways.length === 0) return null
  const to = isBeside ? '/' : location.pathname + location.search
  return (
    <div className="si-ways">
      <p>{isBeside ? '其他方式，在新窗口登录后回到本页' : '其他方式'}</p>
      {ways.map(({ provider, label }) => (
        <a key={provider} href={wayThrough(provider, to)} {...(isBeside ? { target: '_blank' } : {})}>
          {label}
        </a>
      ))}
    </div>
  )
}
