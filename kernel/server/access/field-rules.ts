import { classOf, columnKeys, fieldOrColumn, isProtected, kindOf, type Grant, type ResolvedResource } from '#model'

/** Fields that are not shown, and those that are not written. */
export interface Closed {
  readonly hidden: ReadonlySet<string>
  readonly readOnly: ReadonlySet<string>
}
export interface ClosedFields extends Closed {
  readonly masked: ReadonlySet<string>
  /** Of the masked ones those of which he may open a value, for a reason. */
  readonly openable: ReadonlySet<string>
  /** What he must fill in, also where the type does not ask for it. */
  readonly required?: ReadonlySet<string>
  /** Where his own records are closed otherwise than others': each by itself. What is asked of all of them at once keeps to `hidden` and `readOnly`, which are both together. */
  readonly inOwn?: Closed
  readonly inOthers?: Closed
}

/**
 * What several grants close together. What opens one's own record opens nobody else's, nor does a scope open what another that reaches farther, or elsewhere,
 * closes: a field is closed where some grant closes it and none that reaches as far leaves it open. What one hides and another masks is masked.
 */
export function closedFields(r: ResolvedResource, grants: readonly Grant[]): ClosedFields {
  const own = grants.filter(({ scope }) => scope === 'own')
  const beyond = grants.filter(({ scope }) => scope !== 'own')
  const everywhere = grants.filter(({ scope }) => scope === 'hospital')
  const inOwn = own.length ? closedIn(r, [...own, ...everywhere], true) : null
  const inOthers = beyond.length ? closedIn(r, beyond) : null
  // Of his own record he sees masked values whole: grants of his own mask nothing beside others.
  const all = [...Object.keys(r.fields), ...columnKeys(r.fields)]
  const masked = keysWhere(all, beyond.length ? beyond : own, (grant, key) => isHidden(grant, key) || isMasked(r, grant, key))
  const hidden = new Set([...(inOwn?.hidden ?? []), ...(inOthers?.hidden ?? [])])
  const readOnly = new Set([...(inOwn?.readOnly ?? []), ...(inOthers?.readOnly ?? [])])
  const isSame = !inOwn || !inOthers || (isEqual(inOwn.hidden, inOthers.hidden) && isEqual(inOwn.readOnly, inOthers.readOnly))
  const { hidden: gone } = inOthers ?? inOwn!
  const shown = new Set([...masked].filter((key) => !isNamed([...gone], key)))
  const shut = keysWhere(
    all,
    beyond.length ? beyond : own,
    (grant, key) => isHidden(grant, key) || (isMasked(r, grant, key) && !isOpenable(r, grant, key)),
  )
  // Of several roles one that does not ask for it is enough.
  const required = keysWhere(Object.keys(r.fields), grants, (grant, key) => grant.fields?.require?.includes(key) ?? false, true)
  return {
    hidden,
    masked: shown,
    openable: shown.difference(shut),
    readOnly,
    ...(required.size ? { required } : {}),
    ...(isSame ? {} : { inOwn, inOthers }),
  }
}

/** A column of a sub-table (`contacts.mobile`) is meant where its sub-table is named. */
const isNamed = (given: readonly string[], key: string): boolean => given.includes(key) || given.includes(key.split('.')[0]!)
const isHidden = ({ fields }: Grant, key: string): boolean => isNamed(fields?.hide ?? [], key)
const isLocked = ({ fields }: Grant, key: string): boolean => fields?.readOnly?.includes(key) ?? false
const names = (given: readonly string[] | 'all' | undefined, key: string): boolean => given === 'all' || isNamed(given ?? [], key)
function isMasked(r: ResolvedResource, { fields }: Grant, key: string): boolean {
  const level = classOf(fieldOrColumn(r.fields, key)!)
  return names(fields?.mask, key) || level === 'highlySensitive' || (level === 'sensitive' && !names(fields?.show, key))
}
function isOpenable(r: ResolvedResource, { fields }: Grant, key: string): boolean {
  const field = fieldOrColumn(r.fields, key)!
  return isProtected(field) && !kindOf(field).isWriteOnly && (names(fields?.open, key) || names(fields?.show, key))
}
/** `together`: each of these grants reaches every record in question. */
const closedIn = (r: ResolvedResource, grants: readonly Grant[], together = false): Closed => ({
  hidden: keysWhere(Object.keys(r.fields), grants, isHidden, together),
  readOnly: keysWhere(Object.keys(r.fields), grants, isLocked, together),
})
function keysWhere(
  keys: readonly string[],
  grants: readonly Grant[],
  closes: (grant: Grant, key: string) => boolean,
  together = false,
): ReadonlySet<string> {
  const reaching = grants.map((grant) => (together ? grants : grants.filter((other) => isAsWide(other, grant))))
  return new Set(keys.filter((key) => reaching.some((as) => as.every((grant) => closes(grant, key)))))
}
const isAsWide = (wide: Grant, { scope }: Grant): boolean =>
  wide.scope === 'hospital' || wide.scope === scope || JSON.stringify(wide.scope) === JSON.stringify(scope)
const isEqual = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && a.isSubsetOf(b)
