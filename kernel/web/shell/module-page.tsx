import { lazy, type ComponentType } from 'react'
import { useLocation } from 'react-router'
import { modulePages, pageAt, type ModulePage } from '../pages.ts'
import { NotFound } from './not-found.tsx'
import { usePageTitle } from './page-context.tsx'
import { useIsPhone } from './use-is-phone.ts'

const loaded = new Map<unknown, ComponentType>()

/** The page of a module at this address, in its phone form on a phone where there is one. */
export default function ModulePageAt() {
  const isPhone = useIsPhone()
  const page = pageAt(useLocation().pathname)
  if (!page) return <NotFound text={modulePages.length ? undefined : '没有安装带页面的模块。'} />
  return <Opened page={page} isPhone={isPhone} />
}

function Opened({ page, isPhone }: { page: ModulePage; isPhone: boolean }) {
  const load = isPhone ? (page.phone ?? page.desk) : (page.desk ?? page.phone)
  let Page = loaded.get(load)
  if (!Page && load)
    loaded.set(
      load,
      (Page = lazy(async () => {
        const { title, component: Component } = (await load()).default
        const Page = () => (
          <>
            <InitialTitle title={title} />
            <Component />
          </>
        )
        return { default: Page }
      })),
    )
  return Page ? <Page /> : <NotFound />
}

// A sibling before the page: the page's own title, if it sets one, comes after and wins.
function InitialTitle({ title }: { title: string }) {
  usePageTitle(title)
  return null
}
