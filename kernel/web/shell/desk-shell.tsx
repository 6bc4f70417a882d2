import {
  BellOutlined,
  CheckSquareOutlined,
  CommentOutlined,
  HomeOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  SearchOutlined,
} from '@ant-design/icons'
import { formatDayWithWeekday } from '#model'
import { Tooltip } from 'antd'
import { Suspense, lazy, useEffect, useState, type ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useCounts, useMe } from '../api/hooks.ts'
import { BrandMark } from '../parts/brand-mark.tsx'
import { MenuIcon } from './icons.tsx'
import { KeptPages } from './kept-pages.tsx'
import { useMenu } from './menu.ts'
import type { OpenPages } from './open-pages.ts'
import { PageTabs } from './page-tabs.tsx'
import { PinButton } from '../shortcuts/pin-button.tsx'
import { useStored } from './use-stored.ts'
import { UserMenu } from './user-menu.tsx'
import './nav.css'

const Palette = lazy(() => import('./palette.tsx'))

export interface ShellProps {
  open: OpenPages
  onClose: (key: string) => void
  banner: ReactNode
}

export function DeskShell({ open, onClose, banner }: ShellProps) {
  const me = useMe()
  const [isNarrow, setNarrow] = useStored('nav.narrow', false)
  const [isSearching, setSearching] = useState(false)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setSearching(true)
      }
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  return (
    <div className={`x-desk ${isNarrow ? 'narrow' : ''}`}>
      <a className="x-skip" href="#x-content">
        跳到内容
      </a>
      <Navigation isNarrow={isNarrow} onToggle={() => setNarrow(!isNarrow)} />
      <div className="x-main">
        <div className="x-top">
          <button type="button" className="x-search" onClick={() => setSearching(true)} aria-keyshortcuts="Control+K">
            <SearchOutlined aria-hidden />
            <span>搜索人员、记录、页面，或直接说要做什么</span>
            <kbd>Ctrl K</kbd>
          </button>
          <span className="x-space" />
          <span className="x-muted x-small">
            {me.person?.unitName && `${me.person.unitName} · `}
            {formatDayWithWeekday(me.today)}
          </span>
        </div>
        <PageTabs open={open} onClose={onClose} />
        {banner}
        <main id="x-content" className="x-content" tabIndex={-1}>
          <KeptPages open={open} onClose={onClose} />
        </main>
      </div>
      {isSearching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </div>
  )
}

function Navigation({ isNarrow, onToggle }: { isNarrow: boolean; onToggle: () => void }) {
  const { hospital } = useMe()
  const counts = useCounts().data
  const menu = useMenu()
  const [closed, setClosed] = useStored<string[]>('nav.closed', [])
  const toggle = (label: string) => setClosed(closed.includes(label) ? closed.filter((l) => l !== label) : [...closed, label])
  return (
    <nav className="x-nav" aria-label="主导航">
      <div className="x-logo" title={hospital.name}>
        <BrandMark />
        {!isNarrow && <span>{hospital.name}</span>}
      </div>
      <div className="x-nav-scroll">
        <Item to="/" icon={<HomeOutlined className="x-menu-icon" />} label="工作台" isNarrow={isNarrow} />
        <Item to="/tasks" icon={<CheckSquareOutlined className="x-menu-icon" />} label="待办" count={counts?.tasks} isNarrow={isNarrow} />
        <Item to="/messages" icon={<BellOutlined className="x-menu-icon" />} label="消息" count={counts?.messages} isNarrow={isNarrow} />
        <Item to="/talk" icon={<CommentOutlined className="x-menu-icon" />} label="沟通" count={counts?.talks} isNarrow={isNarrow} />
        {menu.map(({ label, items }) => (
          <section key={label}>
            {isNarrow ? (
              <hr />
            ) : (
              <button type="button" className="x-nav-group" aria-expanded={!closed.includes(label)} onClick={() => toggle(label)}>
                {label}
              </button>
            )}
            {(isNarrow || !closed.includes(label)) &&
              items.map((item) => (
                <div key={item.path} className="x-nav-line">
                  <Item to={item.path} icon={<MenuIcon name={item.icon} />} label={item.label} isNarrow={isNarrow} />
                  {!isNarrow && <PinButton path={item.path} name={item.label} />}
                </div>
              ))}
          </section>
        ))}
      </div>
      <div className="x-nav-foot">
        <UserMenu isNarrow={isNarrow} />
        <button type="button" className="x-icon-button" aria-label={isNarrow ? '展开导航' : '收起导航'} onClick={onToggle}>
          {isNarrow ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        </button>
      </div>
    </nav>
  )
}

interface ItemProps {
  to: string
  icon: ReactNode
  label: string
  count?: number | undefined
  isNarrow: boolean
}
function Item({ to, icon, label, count, isNarrow }: ItemProps) {
  const link = (
    <NavLink
      to={to}
      end={to === '/'}
      className={({ isActive }) => `x-nav-item ${isActive ? 'on' : ''}`}
      aria-label={isNarrow ? label : undefined}
    >
      {icon}
      {!isNarrow && <span>{label}</span>}
      {count ? <b aria-label={`${count} 项`}>{isNarrow ? '' : count > 99 ? '99+' : count}</b> : null}
    </NavLink>
  )
  return isNarrow ? (
    <Tooltip title={count ? `${label} ${count}` : label} placement="right">
      {link}
    </Tooltip>
  ) : (
    link
  )
}
