export * from './talk.ts'
export * from './excerpt.ts'
export type * from './api.ts'
