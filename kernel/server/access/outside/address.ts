const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])
export const isLoopback = (url: URL): boolean => loopback.has(url.hostname)
/** By TLS, or on this machine itself. */
export function isSecure(address: URL | string): boolean {
  const url = new URL(address)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))
}

/** An address of another system from the environment, without a slash at its end; whoever proves identities does so under https, but on this machine itself. */
export function addressFrom(env: Readonly<Record<string, string | undefined>>, name: string, fallback?: string): URL {
  const given = env[name] ?? fallback ?? ''
  if (!URL.canParse(given)) throw new Error(`${name}“${given}”不对，应为 https://主机/路径`)
  const url = new URL(given)
  if (!isSecure(url)) throw new Error(`${name}“${given}”须用 https`)
  if (url.search || url.hash || url.username) throw new Error(`${name}“${given}”不对，应为 https://主机/路径`)
  return url
}
/** A path under such an address. */
export function under(base: URL, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(base)
  url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  return url
}
