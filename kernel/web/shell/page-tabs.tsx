import { CloseOutlined } from '@ant-design/icons'
import { Dropdown } from 'antd'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import type { OpenPages } from './open-pages.ts'
import './tabs.css'

export function PageTabs({ open, onClose }: { open: OpenPages; onClose: (key: string) => void }) {
  const navigate = useNavigate()
  const strip = useRef<HTMLDivElement>(null)
  const { pages, current } = open
  useEffect(() => {
    strip.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  const closeOthers = (key: string) => pages.filter((page) => page.key !== key && page.key !== '/').forEach((page) => onClose(page.key))
  return (
    <div className="x-tabs" role="tablist" aria-label="打开的页面" ref={strip}>
      {pages.map((page) => (
        <Dropdown
          key={page.key}
          trigger={['contextMenu']}
          menu={{
            items: [
              { key: 'close', label: '关闭', onClick: () => onClose(page.key) },
              { key: 'others', label: '关闭其他', onClick: () => closeOthers(page.key) },
            ],
          }}
        >
          <div className={`x-tab ${page.key === current ? 'on' : ''}`}>
            <button
              type="button"
              role="tab"
              aria-selected={page.key === current}
              onClick={() => page.key !== current && void navigate(page.location)}
              onAuxClick={(event) => event.button === 1 && onClose(page.key)}
            >
              {page.title || '…'}
            </button>
            {pages.length > 1 && (
              <button type="button" className="x-tab-close" aria-label={`关闭 ${page.title}`} onClick={() => onClose(page.key)}>
                <CloseOutlined />
              </button>
            )}
          </div>
        </Dropdown>
      ))}
    </div>
  )
}
