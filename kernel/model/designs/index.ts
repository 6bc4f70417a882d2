/** What the hospital makes itself: record types, changes of built-in ones. Pure; for server and browser. */
export * from './kind.ts'
export { kindOfDesign } from './kinds.ts'
export { effectiveModules } from './effective.ts'
export { expressionProblem } from './expressions.ts'
export {
  aligns,
  fieldOf,
  fieldsOf,
  isHigh,
  isIndexable,
  newKey,
  ownKey,
  widths,
  type Align,
  type FieldDesign,
  type Width,
} from './field-design.ts'
export { optionSpecs, type OptionForm, type OptionSpec } from './option-specs.ts'
export { baseOf, conflictsOf, emptyOverlay, fieldProperties, isSame, isSameDrawn, laidOver, readOverlay, typeProperties, type FieldProperty, type Overlay, type Patch, type TypeProperty } from './overlay.ts' // prettier-ignore
export { isNeeded } from './prove.ts'
export { mostFields, patternProblem } from './read-field.ts'
export { Reader, compact, isObject } from './reader.ts'
export { grantActions, grantScopes, isOwnDesign, isOwnType, newTypeName, ownFlowOf, ownModule, readType, resourceOf, type GrantDesign, type TypeDesign } from './type-design.ts' // prettier-ignore
export { starters } from './starters.ts'
