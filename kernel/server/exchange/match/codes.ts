import { halfWidth, type ImportCandidate } from '#model'

/** Something known by code and name. */
export interface Coded {
  id: string
  code: string
  name: string
  /** Other names, shown and searched, never taken silently. */
  alias?: string | null
}
export type Found =
  | { entry: Coded; repair?: { before: string; after: string; why: string } }
  | { doubt: string; candidates: ImportCandidate[] }
  | { missing: string }

/** A code as written by hand: full-width forms, spaces and a capital X are no difference. */
export const plainCode = (code: string): string => halfWidth(code).replace(/\s/g, '').replace(/X/g, 'x').replace(/^'/, '')
/** A name without punctuation, spaces, width and case. */
export const comparableTitle = (name: string): string =>
  halfWidth(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}?\uFFFD]/gu, '')

/** What a spreadsheet makes of a code that looks like a number: 51.2200 becomes 51.22, 00.0100 becomes 0.01, 36.000E3 becomes 36000. Null for codes it leaves alone. */
export function eatenForm(code: string): string | null {
  return /^\d+(\.\d+)?(E\+?\d{1,2})?$/i.test(code) && code.length <= 15 ? String(Number(code)) : null
}

const mostCandidates = 8
/** Finds things by code, then by name: one exact match is taken, one eaten code is repaired and said, everything else is asked. */
export class CodeIndex {
  private readonly byCode = new Map<string, Coded[]>()
  private readonly byId = new Map<string, Coded>()
  private readonly byEaten = new Map<string, Coded[]>()
  private readonly byName = new Map<string, Coded[]>()
  private readonly byAlias = new Map<string, Coded[]>()
  private pairs: Map<string, Coded[]> | null = null
  private readonly noun: string
  readonly size: number
  readonly entries: readonly Coded[]

  constructor(entries: readonly Coded[], noun: string) {
    this.noun = noun
    this.entries = entries
    this.size = entries.length
    for (const entry of entries) {
      this.byId.set(entry.id, entry)
      push(this.byCode, plainCode(entry.code), entry)
      const eaten = eatenForm(entry.code)
      if (eaten !== null) push(this.byEaten, eaten, entry)
      push(this.byName, comparableTitle(entry.name), entry)
      for (const alias of (entry.alias ?? '').split(/[、,，;；/]/)) if (alias.trim()) push(this.byAlias, comparableTitle(alias), entry)
    }
  }

  /** The one known code that a spreadsheet would have turned into this text; null when none or several. */
  uneaten(text: string): { code: string | null; candidates: Coded[] } {
    const plain = plainCode(text)
    const number = eatenForm(plain)
    const same = number === null ? [] : (this.byEaten.get(number) ?? [])
    const codes = new Set(same.map((entry) => entry.code))
    return { code: codes.size === 1 ? [...codes][0]! : null, candidates: same }
  }
  get = (id: string): Coded | undefined => this.byId.get(id)
  hasCode = (code: string): boolean => this.byCode.has(plainCode(code))

  find(code: string, name: string): Found {
    return code.trim() ? this.byCodeAndName(code, name) : this.byNameOnly(name)
  }
  /** One text that may be either. */
  findAny(text: string): Found {
    const { code, name } = splitCoded(text)
    if (code && name) return this.find(code, name)
    const byCode = this.byCode.has(plainCode(text)) || eatenForm(plainCode(text)) !== null || /^\d{2}\.\d/.test(plainCode(text))
    return byCode ? this.find(text, '') : this.byNameOnly(text)
  }

  private byCodeAndName(code: string, name: string): Found {
    const plain = plainCode(code)
    const exact = this.byCode.get(plain)
    if (exact?.length === 1) return this.agree(exact[0]!, name, null)
    if (exact) return { doubt: `编码 ${plain} 有 ${exact.length} 条`, candidates: this.candidates(exact, name) }
    const { code: whole, candidates } = this.uneaten(plain)
    if (whole !== null && candidates.length === 1)
      return this.agree(candidates[0]!, name, { before: code.trim(), after: whole, why: '编码中的零被表格软件去掉，按唯一对应补回' })
    if (candidates.length) return { doubt: `编码 ${plain} 不完整，可能是其中之一`, candidates: this.candidates(candidates, name) }
    const padded = /^\d{2}\.\d$/.test(plain) ? `${plain}x00` : /^\d{2}\.\d{2}$/.test(plain) ? `${plain}00` : null
    const short = padded ? this.byCode.get(padded) : undefined
    if (short?.length === 1)
      return this.agree(short[0]!, name, { before: code.trim(), after: padded!, why: '编码缺少末位，按唯一对应补全' })
    const longer = this.entries.filter((entry) => entry.code.startsWith(plain)).slice(0, mostCandidates)
    const named = name.trim() ? (this.byName.get(comparableTitle(name)) ?? []) : []
    if (named.length || longer.length)
      return {
        doubt: `没有编码 ${plain}${named.length ? '，名称相同的有' : '，以它开头的有'}`,
        candidates: this.candidates([...named, ...longer], name),
      }
    return { missing: `${this.noun}中没有编码 ${plain}` }
  }
  /** The code decides, unless the name says something else. */
  private agree(entry: Coded, name: string, repair: { before: string; after: string; why: string } | null): Found {
    const said = comparableTitle(name)
    const isSame = !said || said === comparableTitle(entry.name) || this.byAlias.get(said)?.includes(entry)
    if (isSame) return repair ? { entry, repair } : { entry }
    return {
      doubt: `编码 ${entry.code} 的名称是“${entry.name}”，与所填的不同`,
      candidates: this.candidates([entry, ...(this.byName.get(said) ?? [])], name),
    }
  }
  private byNameOnly(name: string): Found {
    const plain = comparableTitle(name)
    if (!plain) return { missing: `请填写${this.noun}的编码或名称` }
    const named = this.byName.get(plain) ?? []
    if (named.length === 1)
      return {
        entry: named[0]!,
        repair: { before: name.trim(), after: `${named[0]!.code} ${named[0]!.name}`, why: '没有编码，按名称唯一对应' },
      }
    if (named.length) return { doubt: `同名的有 ${named.length} 条`, candidates: this.candidates(named, '') }
    const alias = this.byAlias.get(plain) ?? []
    const near = alias.length ? alias : this.similar(plain)
    if (near.length)
      return {
        doubt: alias.length ? '这是别名，请确认是哪一项' : `${this.noun}中没有同名的，相近的有`,
        candidates: this.candidates(near, ''),
      }
    return { missing: `${this.noun}中没有“${name.trim()}”` }
  }

  /** Names that share most pairs of characters with this one. */
  similar(plain: string): Coded[] {
    if (!this.pairs) {
      this.pairs = new Map()
      for (const entry of this.entries) for (const pair of pairsOf(comparableTitle(entry.name))) push(this.pairs, pair, entry)
    }
    const asked = pairsOf(plain)
    const hits = new Map<Coded, number>()
    for (const pair of asked) for (const entry of this.pairs.get(pair) ?? []) hits.set(entry, (hits.get(entry) ?? 0) + 1)
    const score = (entry: Coded, n: number) => (2 * n) / (asked.size + pairsOf(comparableTitle(entry.name)).size)
    return [...hits]
      .map(([entry, n]) => [entry, score(entry, n)] as const)
      .filter(([, s]) => s >= 0.5)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 5)
      .map(([entry]) => entry)
  }
  private candidates(entries: readonly Coded[], name: string): ImportCandidate[] {
    const said = comparableTitle(name)
    const sorted = [...new Set(entries)].sort((a, b) => Number(comparableTitle(b.name) === said) - Number(comparableTitle(a.name) === said))
    return sorted.slice(0, mostCandidates).map((entry) => ({ id: entry.id, title: entry.name, hint: entry.code }))
  }
}
/** `47.0901 阑尾切除术` or `阑尾切除术（47.0901）` or both on two lines. */
export function splitCoded(text: string): { code: string; name: string } {
  const plain = text.trim()
  const first = /^([0-9A-Za-z][0-9A-Za-z.x*+]*\d[0-9A-Za-z.x*+]*)[\s　]+(.*\p{L}.*)$/su.exec(plain)
  if (first) return { code: first[1]!, name: first[2]!.trim() }
  const last = /^(.*\p{Script=Han}.*?)\s*[([（【\s]\s*(\d{2}\.[0-9x]+)\s*[)\]）】]?$/su.exec(plain)
  return last ? { code: last[2]!, name: last[1]!.trim() } : { code: '', name: '' }
}
const pairsOf = (text: string): Set<string> => new Set(Array.from({ length: Math.max(text.length - 1, 1) }, (_, i) => text.slice(i, i + 2)))
function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
