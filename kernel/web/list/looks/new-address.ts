import type { ClientResource } from '#model'

/** Where a record is filled in with these values in it; null where this person may add none. */
export function newAddress(resource: ClientResource, values: Readonly<Record<string, unknown>>): string | null {
  if (!resource.may.create || resource.writtenBy === 'module') return null
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  const texts = given.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
  return `/r/${resource.name}/new?${new URLSearchParams(texts)}`
}
