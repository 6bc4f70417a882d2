import { Dropdown } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { leaveTrial } from '../api/place.ts'
import { signOut } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { personResource } from './palette-entries.ts'
import { keepLiking } from './use-stored.ts'
import { setThemeMode, themeMode, type ThemeMode } from '../theme/mode.ts'

export const themeLabels: Record<ThemeMode, string> = { system: '跟随系统', light: '浅色', dark: '深色' }
export const nameOfMe = (me: ReturnType<typeof useMe>): string => me.person?.name ?? me.account.name
export const postOfMe = (me: ReturnType<typeof useMe>): string =>
  [...new Set([me.person?.unitName, me.roles.at(-1)?.label])].filter(Boolean).join(' · ') || me.account.name

export function UserMenu({ isNarrow }: { isNarrow: boolean }) {
  const me = useMe()
  const file = personResource(useCatalog())
  const [mode, setMode] = useState(themeMode)
  const choose = (next: ThemeMode) => {
    setMode(next)
    setThemeMode(next)
    keepLiking('theme', next)
  }
  const items = [
    ...(isNarrow ? [{ key: 'who', label: `${nameOfMe(me)} · ${postOfMe(me)}`, disabled: true }, { type: 'divider' as const }] : []),
    {
      key: 'theme',
      label: '外观',
      children: (['system', 'light', 'dark'] as const).map((key) => ({
        key,
        label: `${themeLabels[key]}${key === mode ? ' ✓' : ''}`,
        onClick: () => choose(key),
      })),
    },
    ...(file && me.person ? [{ key: 'file', label: <Link to={`/r/${file}/${me.person.id}`}>我的档案</Link> }] : []),
    { key: 'shares', label: <Link to="/me/shares">我的分享</Link> },
    { key: 'exports', label: <Link to="/me/exports">我的导出</Link> },
    { key: 'follows', label: <Link to="/me/follows">我关注的</Link> },
    { key: 'personal', label: <Link to="/me/personal">我的个人信息</Link> },
    {
      key: 'privacy',
      label: (
        <a href="/privacy" target="_blank" rel="noreferrer">
          隐私政策
        </a>
      ),
    },
    { key: 'security', label: <Link to="/me/security">登录与安全</Link> },
    { type: 'divider' as const },
    me.trial ? { key: 'out', label: '退出试用', onClick: leaveTrial } : { key: 'out', label: '退出登录', onClick: () => void signOut() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="topLeft">
      <button type="button" className="x-me" aria-label="我的账号">
        <Avatar name={nameOfMe(me)} />
        {!isNarrow && (
          <span>
            {nameOfMe(me)}
            <small>{postOfMe(me)}</small>
          </span>
        )}
      </button>
    </Dropdown>
  )
}
