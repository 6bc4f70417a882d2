import { Button } from 'antd'
import type { ReactNode } from 'react'
import './parts.css'

interface Paged {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isFetchNextPageError: boolean
  fetchNextPage: () => Promise<unknown>
}
/** The rest of a long list, asked for page by page; nothing where there is no more. */
export function More({ of, children = '显示更多' }: { of: Paged; children?: ReactNode }) {
  if (!of.hasNextPage) return null
  return (
    <p className="x-more">
      <Button loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
        {of.isFetchNextPageError ? '没有读到，再试一次' : children}
      </Button>
    </p>
  )
}
