import type { ComponentType } from 'react'
import { routes } from './routes.tsx'

/**
 * Pages, cards and panels of modules, found by their file's place and loaded when opened:
 *
 *   modules/privileges/why/why.page.tsx      -> /privileges/why             (folder and stem the same: said once)
 *   modules/privileges/grant/matrix.page.tsx -> /privileges/grant/matrix
 *   modules/privileges/why/why.phone.tsx     wins over the page of the same path on a phone
 *   modules/staff/file/file.card.tsx         a card of the workbench        (default export: defineCard)
 *   modules/privileges/grant/why.panel.tsx   a tab of every record of `privileges.grant` (default export: definePanel)
 *
 * Panels of the kernel's own records stand in kernel/web/panels/<module>/<noun>/ and are found alike.
 *
 * A page also receives everything below its path: `/privileges/grant/certificate/0198…` opens certificate.page.tsx with rest `0198…`
 * (`usePage().rest`). Each file default-exports `definePage({ title, component })`. Two files for one path stop the start.
 */
export interface PageSpec {
  title: string
  component: ComponentType
  /** Must equal the path that the file's place gives; write it where a reader would look for it. */
  path?: string
}
export const definePage = (spec: PageSpec): PageSpec => spec

export interface CardSpec {
  title: string
  component: ComponentType
  /** `wide` spans the row above the two columns; `side` stands right, `main` left. */
  place: 'wide' | 'main' | 'side'
  /** A right without which the card is not shown. */
  right?: string
  phone?: boolean
}
export const defineCard = (spec: CardSpec): CardSpec => spec

export interface PanelSpec {
  label: string
  component: ComponentType<{ resource: string; id: string }>
  right?: string
}
export const definePanel = (spec: PanelSpec): PanelSpec => spec

type Loader<T> = () => Promise<{ default: T }>
export interface ModulePage {
  path: string
  desk: Loader<PageSpec> | undefined
  phone: Loader<PageSpec> | undefined
}

/** First parts of paths that are the program's: its own pages, what it serves, the public ones. */
const ownRoots = new Set(['api', 'assets', 's', 'p', ...routes.map(({ path }) => path?.split('/')[1])])
const placePattern = /(?:modules|panels)\/(?<folders>.+)\/(?<stem>[^/]+)\.(?:page|phone|card|panel)\.tsx$/

/** `../../modules/privileges/why/why.page.tsx` -> `/privileges/why` */
export function pathOfFile(file: string): string {
  const { folders = '', stem = '' } = placePattern.exec(file)?.groups ?? {}
  const last = folders.split('/').at(-1)
  return last === stem ? `/${folders}` : `/${folders}/${stem}`
}
/** `../../modules/privileges/grant/why.panel.tsx` -> `privileges.grant` */
export const resourceOfFile = (file: string): string =>
  (placePattern.exec(file)?.groups?.['folders'] ?? '').split('/').slice(0, 2).join('.')

export function collectPages(desk: Record<string, Loader<PageSpec>>, phone: Record<string, Loader<PageSpec>>): ModulePage[] {
  const found = new Map<string, ModulePage>()
  const add = (side: 'desk' | 'phone', files: Record<string, Loader<PageSpec>>) => {
    for (const [file, load] of Object.entries(files)) {
      const path = pathOfFile(file)
      if (ownRoots.has(path.split('/')[1])) throw new Error(`${file}: the path ${path} belongs to the shell`)
      const page = found.get(path) ?? { path, desk: undefined, phone: undefined }
      if (page[side]) throw new Error(`${file}: a second ${side} page for ${path}`)
      found.set(path, { ...page, [side]: checked(path, load) })
    }
  }
  add('desk', desk)
  add('phone', phone)
  // The longest path first, so that a page below another one is found.
  return [...found.values()].sort((a, b) => b.path.length - a.path.length)
}
const checked =
  (path: string, load: Loader<PageSpec>): Loader<PageSpec> =>
  async () => {
    const loaded = await load()
    if (loaded.default.path && loaded.default.path !== path)
      throw new Error(`definePage says ${loaded.default.path}, its file stands for ${path}`)
    return loaded
  }

export const modulePages = collectPages(
  import.meta.glob<{ default: PageSpec }>('../../modules/**/*.page.tsx'),
  import.meta.glob<{ default: PageSpec }>('../../modules/**/*.phone.tsx'),
)
export const pageAt = (pathname: string): ModulePage | undefined =>
  modulePages.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`))

export const cardFiles = import.meta.glob<{ default: CardSpec }>('../../modules/**/*.card.tsx')
const panelFiles = import.meta.glob<{ default: PanelSpec }>(['../../modules/**/*.panel.tsx', './panels/**/*.panel.tsx'])
export const panelsOf = (resource: string): (() => Promise<{ default: PanelSpec }>)[] =>
  Object.entries(panelFiles).filter(([file]) => resourceOfFile(file) === resource).map(([, load]) => load) // prettier-ignore
