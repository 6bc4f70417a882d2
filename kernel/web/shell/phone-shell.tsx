import { BellOutlined, CheckSquareOutlined, CommentOutlined, HomeOutlined, UserOutlined } from '@ant-design/icons'
import { Link, useLocation } from 'react-router'
import { useCounts } from '../api/hooks.ts'
import type { ShellProps } from './desk-shell.tsx'
import { KeptPages } from './kept-pages.tsx'
import './phone.css'

const roots = [
  { path: '/', label: '首页', icon: HomeOutlined, count: null },
  { path: '/tasks', label: '待办', icon: CheckSquareOutlined, count: 'tasks' },
  { path: '/messages', label: '消息', icon: BellOutlined, count: 'messages' },
  { path: '/talk', label: '沟通', icon: CommentOutlined, count: 'talks' },
  { path: '/me', label: '我的', icon: UserOutlined, count: null },
] as const

export function PhoneShell({ open, onClose, banner }: ShellProps) {
  const counts = useCounts().data
  const { pathname, search } = useLocation()
  // A conversation that is opened fills the screen.
  const isRoot = roots.some(({ path }) => path === open.current) && !(pathname === '/talk' && /[?&](id|with|unit)=/.test(search))
  return (
    <div className="x-phone">
      {banner}
      <main className="x-content">
        <KeptPages open={open} onClose={onClose} />
      </main>
      {isRoot && (
        <nav className="x-bottom" aria-label="主导航">
          {roots.map(({ path, label, icon: Icon, count }) => {
            const waiting = count && counts ? counts[count] : 0
            return (
              <Link
                key={path}
                to={path}
                replace
                className={path === open.current ? 'on' : ''}
                aria-current={path === open.current ? 'page' : undefined}
              >
                <span>
                  <Icon aria-hidden />
                  {waiting > 0 && <b aria-label={`${waiting} 项`}>{waiting > 99 ? '99+' : waiting}</b>}
                </span>
                {label}
              </Link>
            )
          })}
        </nav>
      )}
    </div>
  )
}
