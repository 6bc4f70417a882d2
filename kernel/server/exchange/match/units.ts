import { halfWidth, type ImportCandidate } from '#model'
import type { DirectorySnapshot, UnitFact } from '../../directory/snapshot.ts'

export type FoundUnit = { unit: UnitFact } | { doubt: string; candidates: ImportCandidate[] } | { missing: string }

/** Finds units by code, else by name; a name that several bear is asked. */
export class UnitIndex {
  private readonly byCode = new Map<string, UnitFact>()
  private readonly byName = new Map<string, UnitFact[]>()
  private readonly directory: DirectorySnapshot
  constructor(directory: DirectorySnapshot) {
    this.directory = directory
    for (const unit of directory.units.values()) {
      this.byCode.set(plain(unit.code), unit)
      const same = this.byName.get(plain(unit.name))
      if (same) same.push(unit)
      else this.byName.set(plain(unit.name), [unit])
    }
  }
  find(text: string): FoundUnit {
    const byCode = this.byCode.get(plain(text))
    if (byCode) return { unit: byCode }
    const path = text.split(/[/>＞／]/).map((part) => part.trim()).filter(Boolean) // prettier-ignore
    let named = this.byName.get(plain(path.at(-1) ?? '')) ?? []
    const above = path.slice(0, -1).map(plain)
    if (above.length)
      named = named.filter((unit) =>
        above.every((name) => this.directory.pathOf(unit.id).some((id) => plain(this.directory.unitName(id)) === name)),
      )
    if (named.length === 1) return { unit: named[0]! }
    if (named.length === 0) return { missing: `没有名为“${text.trim()}”的科室` }
    return {
      doubt: `同名的科室有 ${named.length} 个`,
      candidates: named.slice(0, 8).map((unit) => ({
        id: unit.id,
        title: unit.name,
        hint: [unit.code, this.directory.unitName(unit.parent)].filter(Boolean).join(' · '),
      })),
    }
  }
}
const plain = (text: string): string => halfWidth(text).replace(/\s/g, '').toLowerCase()
