/** Names by code, in three lists, as `@vant/area-data` gives them. */
export interface DivisionLists {
  province_list: Readonly<Record<string, string>>
  city_list: Readonly<Record<string, string>>
  county_list: Readonly<Record<string, string>>
}
export interface Division {
  code: string
  name: string
  children?: Division[]
}

/**
 * The administrative divisions (GB/T 2260, from the package `@vant/area-data`, as of October 2025, without network). They are large: the server has them
 * from its start, a browser loads them when somebody opens an address.
 */
class Divisions {
  private names: ReadonlyMap<string, string> | null = null
  private below: ReadonlyMap<string, readonly string[]> = new Map()

  get isLoaded(): boolean {
    return this.names !== null
  }
  load(lists: DivisionLists): void {
    const names = new Map<string, string>()
    const below = new Map<string, string[]>()
    for (const list of [lists.province_list, lists.city_list, lists.county_list])
      for (const [code, name] of Object.entries(list)) {
        names.set(code, name)
        const parent = parentOf(code, names)
        if (parent !== code) below.set(parent, [...(below.get(parent) ?? []), code])
      }
    this.below = below
    this.names = names
  }
  /** 广东省深圳市南山区; a municipality is not said twice. */
  nameOf(code: string): string | undefined {
    return this.names?.has(code) ? this.wayTo(code).map((one) => this.names!.get(one)!).reduce(joined, '') : undefined // prettier-ignore
  }
  /** Province, city and district on the way to a code. */
  wayTo(code: string): string[] {
    const way = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code].filter((one) => this.names?.has(one))
    return [...new Set(way)]
  }
  isLeaf(code: string): boolean {
    return this.names !== null && !this.below.has(code)
  }
  /** As a tree, for choosing. */
  tree(parent = ''): Division[] {
    return (this.below.get(parent) ?? []).map((code) => {
      const children = this.tree(code)
      return { code, name: this.names!.get(code)!, ...(children.length ? { children } : {}) }
    })
  }
  /** The deepest division that a text begins with, and what stands behind it: levels and endings (省, 市) may be left out. */
  find(text: string): { code: string; rest: string } | null {
    if (!this.names) return null
    const plain = text.trim().replace(/^(中国|中华人民共和国)/, '')
    let best: { code: string; rest: string; matched: number } | null = null
    const visit = (parent: string, behind: string, matched: number): void => {
      const rest = behind.replace(/^[\s,，/-]+/, '')
      for (const code of this.below.get(parent) ?? []) {
        const name = this.names!.get(code)!
        const length = beginsWith(rest, name)
        if (length) {
          if (!best || matched + length > best.matched) best = { code, rest: rest.slice(length), matched: matched + length }
          visit(code, rest.slice(length), matched + length)
        } else if (parent === '' || unsaid.has(name) || (matched > 0 && !code.endsWith('0000'))) visit(code, rest, matched)
      }
    }
    visit('', plain, 0)
    const found = best as { code: string; rest: string } | null
    return found && { code: found.code, rest: found.rest.trim() }
  }
}
const unsaid = new Set(['省直辖县', '自治区直辖县', '市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])
const joined = (whole: string, name: string): string => (unsaid.has(name) || whole.endsWith(name) ? whole : whole + name)
function parentOf(code: string, names: ReadonlyMap<string, string>): string {
  if (code.endsWith('0000')) return ''
  const city = `${code.slice(0, 4)}00`
  if (!code.endsWith('00') && names.has(city)) return city
  return `${code.slice(0, 2)}0000`
}
/** How much of the text the name takes; 广东 stands for 广东省, 南山 for 南山区. */
function beginsWith(text: string, name: string): number {
  if (text.startsWith(name)) return name.length
  const short = name.replace(/(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|自治州|地区|盟|区|县|旗)$/, '')
  return short.length >= 2 && short !== name && text.startsWith(short) ? short.length : 0
}
export const divisions = new Divisions()
