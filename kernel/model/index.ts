/** The language: what declarations are written in. Pure data, types and functions; runs in server and browser. */
export * from './asked.ts'
export * from './approval-words.ts'
export * from './audit/index.ts'
export * from './clock/day.ts'
export * from './closing.ts'
export * from './definitions.ts'
export * from './directory.ts'
export { divisions, type Division } from './fields/divisions.ts'
export {
  asksProtected,
  classOf,
  columnKeys,
  fewestLetters,
  fieldClasses,
  fieldOrColumn,
  isFoundByPart,
  isProtected,
  protectedKeys,
  protectedOperators,
  readsLikeMask,
  subjectOf,
  subjects,
  unreadableWords,
  type FieldClass,
  type Subject,
  type Unreadability,
} from './fields/classes.ts'
export * from './fields/factories.ts'
export * from './fields/factories-more.ts'
export type * from './fields/field.ts'
export * from './fields/kinds.ts'
export * from './fields/moment-words.ts'
export { moneyInWords, readMoneyText } from './fields/money.ts'
export { isRichText, plainOf, safeLink, type RichMark, type RichNode } from './fields/rich-text.ts'
export * from './fields/text-forms.ts'
export { isTotalled, totalOf, totalWord } from './fields/totals.ts'
export * from './filter/choices.ts'
export * from './filter/evaluate.ts'
export * from './filter/filter.ts'
export * from './filter/words.ts'
export * from './formats.ts'
export { expression, readsOf } from './expression/expression.ts'
export * from './limits/index.ts'
export * from './buttons/index.ts'
export * from './looks.ts'
export * from './merging.ts'
export * from './module.ts'
export { fillWords } from './placeholders.ts'
export * from './refusals.ts'
export * from './reports.ts'
export * from './answers.ts'
export { checkReportFormula, columnsIn, reportFunctions } from './expression/report-formula.ts'
export * from './timeline/index.ts'
export * from './uploads.ts'
export * from './resource.ts'
export * from './envelope.ts'
export * from './rows.ts'
export { approvalsModule } from './approvals.ts'
export * from './dictionary.ts'
export { designsModule } from './designs-module.ts'
export { kindLabels } from './fields/kind-labels.ts'
export { recycleBinModule } from './recycle-bin.ts'
export * from './settings.ts'
export * from './saved-views.ts'
export * from './sharing.ts'
export * from './shortcuts.ts'
export * from './group-keys.ts'
export * from './summary.ts'
export * from './large-lists.ts'
export * from './pages/index.ts'
export * from './personal/index.ts'
export * from './security/index.ts'
export * from './validate.ts'
export type * from './api.ts'
export type * from './api-lists.ts'
export type * from './api-tasks.ts'
export type * from './api-approval.ts'
export type * from './api-flow-design.ts'
export type * from './api-designs.ts'
export type * from './api-flow-insight.ts'
export * from './messaging/index.ts'
export * from './notices/index.ts'
export * from './campaigns/index.ts'
export * from './library/index.ts'
export * from './talk/index.ts'
export * from './reminders/index.ts'
export * from './automations/index.ts'
export * from './printing/index.ts'
export * from './api-messages.ts'
export type * from './api-requests.ts'
export type * from './api-rights.ts'
export type * from './api-sign-in.ts'
export * from './exchange.ts'
