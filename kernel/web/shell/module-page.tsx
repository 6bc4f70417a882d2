import { lazy } from 'react'
import { useLocation } from 'react-router'
import { modulePages, pageAt, type ModulePage } from '../pages.ts'
import { NotFound } from './not-found.tsx'
import { usePageTitle } from './page-context.tsx'
import { useIsPhone } from './use-is-phone.ts'

const lazyPage = (load: Loader) =>
  lazy(async () => {
    const { title, component: Component } = (await load()).default
    const Page = () => (
      <>
        <InitialTitle title={title} />
        <Component />
      </>
    )
    return { default: Page }
  })
type Loader = NonNullable<ModulePage['desk']>
const sides = new Map(
  modulePages.map(({ path, desk, phone }) => [path, { desk: desk && lazyPage(desk), phone: phone && lazyPage(phone) }] as const),
)

/** The page of a module at this address, in its phone form on a phone where there is one. */
export default function ModulePageAt() {
  const isPhone = useIsPhone()
  const { desk, phone } = sides.get(pageAt(useLocation().pathname)?.path ?? '') ?? {}
  const Page = isPhone ? (phone ?? desk) : (desk ?? phone)
  return Page ? <Page /> : <NotFound />
}

// A sibling before the page: the page's own title, if it sets one, comes after and wins.
function InitialTitle({ title }: { title: string }) {
  usePageTitle(title)
  return null
}
