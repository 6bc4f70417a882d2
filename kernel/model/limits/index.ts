export * from './limits.ts'
export { limitProblems } from './prove.ts'
