import { PushpinFilled, PushpinOutlined } from '@ant-design/icons'
import { useLocation } from 'react-router'
import { useShortcuts } from './use-shortcuts.ts'
import './shortcuts.css'

/** Puts a page among one's shortcuts, or takes it away; the page's name stands beside it. `isSkipped`: not on the way of the Tab key, where a key of its own does the same. */
export function PinButton({ path, name, isSkipped = false }: { path: string; name: string; isSkipped?: boolean }) {
  const { isPinned, toggle } = useShortcuts()
  const isOn = isPinned(path)
  const act = isOn ? '从我的快捷移除' : '固定到我的快捷'
  return (
    <button
      type="button"
      className={`x-icon-button x-pin ${isOn ? 'on' : ''}`}
      aria-pressed={isOn}
      {...(isSkipped ? { tabIndex: -1 } : {})}
      aria-label={act}
      title={act}
      onClick={() => toggle({ path, name })}
    >
      {isOn ? <PushpinFilled /> : <PushpinOutlined />}
    </button>
  )
}
/** The same for the page it stands in, as its address is now: view, conditions and all. */
export function PinPage({ name }: { name: string }) {
  const { pathname, search } = useLocation()
  return pathname === '/' ? null : <PinButton path={pathname + search} name={name} />
}
