export type { Timeline } from './timeline.ts'
export * from './api.ts'
