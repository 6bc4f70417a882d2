export * from './acts.ts'
export * from './views.ts'
export * from './words.ts'
