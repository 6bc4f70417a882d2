/** Which way people are told what, and in which words. Pure. */
export * from './kinds.ts'
export * from './settings.ts'
export * from './templates.ts'
export { messagingModule } from './module.ts'
