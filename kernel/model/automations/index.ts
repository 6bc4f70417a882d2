/** Automations: when something happens – if – then. What they are, what is wrong with one, how it is said. Pure. */
export * from './definition.ts'
export { automationsModule } from './module.ts'
export { automationProblems, isAutomated, isSettable, isTakeable, mayBeWritten, mayTakeOver } from './prove.ts'
export { sayAct, sayAutomation, sayWhen, type AutomationNames, type PersonName } from './words.ts'
export { runStates } from './api.ts'
export type * from './api.ts'
