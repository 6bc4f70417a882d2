import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { Notice } from '../parts/states.tsx'

export function NotFound({ text = '地址可能已经改变，或者这项功能没有对你开放。', children }: { text?: string; children?: ReactNode }) {
  const navigate = useNavigate()
  return (
    <div className="x-page">
      <PageHead title="没有这个页面" />
      <Notice kind="notFound" title="没有这个页面" text={text} act={{ label: '回到工作台', run: () => void navigate('/') }}>
        {children}
      </Notice>
    </div>
  )
}
