import type { DesignAnswer, PageNames } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { CatalogWith } from '../../definitions/use-catalog.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../../parts/states.tsx'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import { designsKey, designUrl } from '../../studio/use-studio.ts'
import { pagesKey } from '../use-pages.ts'
import { Workbench } from './workbench.tsx'

/** 页面设计: one page, drawn, looked at, published. */
export default function PageDesignPage() {
  const { name = '' } = useParams()
  const isPhone = useIsPhone()
  // What is drawn is what was opened: a refetch behind it must not change it.
  const design = useQuery({
    queryKey: [...designsKey, 'page', name, 'design'],
    queryFn: ({ signal }) => api.get<DesignAnswer>(designUrl('page', name), {}, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  const names = useQuery({ queryKey: [...pagesKey, 'names'], queryFn: ({ signal }) => api.get<PageNames>('/api/pages/names', {}, signal) })
  if (isPhone)
    return (
      <div className="x-page">
        <PageHead title="页面设计" />
        <Notice kind="empty" title="请在电脑上设计页面" text="画布和区块设置需要较大的屏幕。" />
      </div>
    )
  const error = design.error ?? names.error
  if (!design.data || !names.data)
    return (
      <div className="x-page">
        <PageHead title="页面设计" />
        {error ? <Failed error={error} retry={() => void (design.error ? design.refetch() : names.refetch())} /> : <Skeleton rows={8} />}
      </div>
    )
  return (
    <CatalogWith types={names.data.types}>
      <Workbench key={name} opened={design.data} names={names.data} />
    </CatalogWith>
  )
}
