/** Rule cards: limits with their legal basis, in layers that may only tighten. */
export * from './binding.ts'
export * from './card.ts'
export * from './prove.ts'
export * from './rule-records.ts'
export * from './tighten.ts'
export * from './uses.ts'
export * from './words.ts'
export type * from './step-rule.ts'
