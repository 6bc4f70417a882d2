/** Pages: figures, lists and words that modules declare and hospitals draw. Pure. */
export * from './page.ts'
export * from './module.ts'
export * from './prove.ts'
export * from './read.ts'
export * from './roll-up.ts'
export * from './words.ts'
export type * from './api.ts'
