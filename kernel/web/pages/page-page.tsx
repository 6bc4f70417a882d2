import { EditOutlined, ReloadOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Tooltip } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { designPath } from '../studio/design-path.ts'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { PageBlocks } from './page-blocks.tsx'
import { SharedFilters, useAsks } from './shared-filters.tsx'
import { pagesKey, usePage } from './use-pages.ts'

/** A page of figures: what its reader sets above narrows every block at once. */
export default function DrawnPage() {
  const { name = '' } = useParams()
  return <Opened key={name} name={name} />
}
function Opened({ name }: { name: string }) {
  const { data: page, error, refetch } = usePage(name)
  const { asks, conditions, set } = useAsks(page?.filters ?? [])
  const client = useQueryClient()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const again = () => {
    void refetch()
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('block') || queryKey === pagesKey })
  }
  if (error && !page)
    return (
      <div className="x-page">
        <PageHead title="页面" />
        <Failed error={error} retry={() => void refetch()} />
      </div>
    )
  return (
    <div className="x-page x-drawn-page">
      <PageHead
        title={page?.label ?? '页面'}
        acts={
          page && (
            <>
              <Tooltip title="全部重新读取">
                <Button type={isPhone ? 'text' : 'default'} icon={<ReloadOutlined />} aria-label="刷新" onClick={again} />
              </Tooltip>
              {page.mayDesign && !isPhone && (
                <Button icon={<EditOutlined />} onClick={() => void navigate(designPath({ kind: 'page', name: page.name }))}>
                  设计
                </Button>
              )}
            </>
          )
        }
      />
      {page && page.filters.length > 0 && <SharedFilters filters={page.filters} conditions={conditions} onChange={set} />}
      {page ? <PageBlocks page={page} asks={asks} /> : <Skeleton rows={10} />}
    </div>
  )
}
