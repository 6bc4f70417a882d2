export * from './buttons.ts'
export { buttonName, buttonProblems } from './prove.ts'
