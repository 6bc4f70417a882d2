export * from './notice.ts'
export type * from './api.ts'
