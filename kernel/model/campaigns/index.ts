export * from './campaign.ts'
export type * from './api.ts'
