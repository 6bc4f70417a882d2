export * from './form.ts'
export type * from './api.ts'
