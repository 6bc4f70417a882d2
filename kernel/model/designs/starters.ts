import type { TypeDesign } from './type-design.ts'

/** What an own type may begin with. */
export const starters: readonly Partial<TypeDesign>[] = []
