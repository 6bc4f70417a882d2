import { BlockList, isIP } from 'node:net'
import type { NamedNetwork } from '#model'

/** What is wrong with an address or a range in CIDR form; null when nothing is. */
export function networkProblem(range: string): string | null {
  const [address = '', prefix, ...rest] = range.split('/')
  const family = isIP(address)
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32))
  // A zone (`fe80::1%eth0`) names a card of one machine.
  return family && isPrefix && rest.length === 0 && !address.includes('%') ? null : '应为地址或网段，如 10.1.2.3、10.1.0.0/16'
}

/** IPv4 in the dress of IPv6 (`::ffff:10.1.2.3`) is IPv4. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

/** Does the address lie in one of these ranges? Ranges that are none are passed over: they admit nobody. */
export const isWithin = (address: string, ranges: readonly string[]): boolean => within(ranges)(address)
/** The same, made ready for many addresses. */
export function within(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) addRange(list, range)
  return (address) => {
    const plain = plainAddress(address)
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }
}
function addRange(list: BlockList, range: string): void {
  if (networkProblem(range)) return
  const [address, prefix] = range.split('/') as [string, string?]
  const type = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, type)
  else list.addSubnet(address, Number(prefix), type)
}

const inside = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10']
/** Where an address is: the hospital's name for its network, the narrowest first; else whether it is a private one. */
export function placeOf(address: string, networks: readonly NamedNetwork[]): string {
  const known = networks.toSorted((a, b) => narrowness(b.range) - narrowness(a.range)).find(({ range }) => isWithin(address, [range]))
  if (known) return known.name
  if (isWithin(address, ['127.0.0.0/8', '::1'])) return '本机'
  return isWithin(address, inside) ? '内网' : '外网'
}
const narrowness = (range: string): number => Number(range.split('/')[1] ?? 128)
