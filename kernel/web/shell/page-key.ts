import { pageAt } from '../pages.ts'

/** Which tab an address belongs to: a record's detail and edit share one, a module page keeps one for each thing it shows. */
export function pageKey(pathname: string): string {
  const record = /^\/r\/([^/]+)\/([^/]+)(\/edit)?$/.exec(pathname)
  if (record && record[2] !== 'merge' && record[2] !== 'duplicates') return `/r/${record[1]}/${record[2]}`
  const page = pageAt(pathname)
  return page ? pathname.replace(/\/$/, '') : pathname
}
export const restOf = (pathname: string): string => {
  const page = pageAt(pathname)
  return page ? pathname.slice(page.path.length + 1) : ''
}
