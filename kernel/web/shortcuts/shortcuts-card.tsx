import { WarningOutlined } from '@ant-design/icons'
import { Link } from 'react-router'
import { MenuIcon } from '../shell/icons.tsx'
import { useMenu } from '../shell/menu.ts'
import { useShortcuts } from './use-shortcuts.ts'
import './shortcuts.css'

/** What a person keeps at hand, on his first page. */
export function ShortcutsCard() {
  const { all } = useShortcuts()
  const iconOf = useShortcutIcon()
  // Nobody is shown an empty card before it is known to be empty.
  if (!all) return null
  return (
    <section className="x-card" aria-label="我的快捷">
      <header>
        <h2>我的快捷</h2>
        <span className="x-space" />
        {all.length > 0 && <Link to="/me/shortcuts">整理</Link>}
      </header>
      {all.length === 0 ? (
        <p className="x-home-none">点任意页面标题旁的图钉，就会放在这里。</p>
      ) : (
        <div className="x-shortcuts own">
          {all.map(({ path, name, gone }) =>
            gone ? (
              <Link key={path} to="/me/shortcuts" className="gone" title={gone}>
                <WarningOutlined className="x-menu-icon" />
                <span>{name}</span>
                <small>{gone}</small>
              </Link>
            ) : (
              <Link key={path} to={path}>
                <MenuIcon name={iconOf(path)} />
                <span>{name}</span>
              </Link>
            ),
          )}
        </div>
      )}
    </section>
  )
}
/** The sign of what an address leads to: the menu's, where it stands there. */
export function useShortcutIcon(): (path: string) => string | undefined {
  const icons = new Map(useMenu().flatMap(({ items }) => items.map(({ path, icon }) => [path, icon] as const)))
  return (path) => {
    const pathname = path.split('?')[0]!
    if (pathname.endsWith('/new')) return 'plus-circle'
    return (
      icons.get(pathname) ?? (/^\/r\/[^/]+\/./.test(pathname) ? 'file' : (icons.get(pathname.split('/').slice(0, 3).join('/')) ?? 'table'))
    )
  }
}
