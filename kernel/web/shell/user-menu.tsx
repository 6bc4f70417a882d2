import { Dropdown, Modal } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { session } from '../api/session.ts'
import { Avatar } from '../parts/avatar.tsx'
import { PasswordForm } from '../sign-in/password-form.tsx'
import { setThemeMode, themeMode, type ThemeMode } from '../theme/mode.ts'

export async function signOut(): Promise<void> {
  try {
    await api.post('/api/sign-out')
  } finally {
    // A full load forgets every cached record of this person.
    location.assign('/')
  }
}
export const themeLabels: Record<ThemeMode, string> = { system: '跟随系统', light: '浅色', dark: '深色' }
export const nameOfMe = (me: ReturnType<typeof useMe>): string => me.person?.name ?? me.account.name
export const postOfMe = (me: ReturnType<typeof useMe>): string =>
  [...new Set([me.person?.unitName, me.roles.at(-1)?.label])].filter(Boolean).join(' · ') || me.account.name

export function UserMenu({ isNarrow }: { isNarrow: boolean }) {
  const me = useMe()
  const [mode, setMode] = useState(themeMode)
  const [isChanging, setChanging] = useState(false)
  const choose = (next: ThemeMode) => {
    setMode(next)
    setThemeMode(next)
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
    { key: 'shares', label: <Link to="/me/shares">我的分享</Link> },
    { key: 'exports', label: <Link to="/me/exports">我的导出</Link> },
    { key: 'follows', label: <Link to="/me/follows">我关注的</Link> },
    { key: 'password', label: '修改密码', onClick: () => setChanging(true) },
    { type: 'divider' as const },
    { key: 'out', label: '退出登录', onClick: () => void signOut() },
  ]
  return (
    <>
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
      <PasswordDialog isOpen={isChanging} onClose={() => setChanging(false)} />
    </>
  )
}

export function PasswordDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal title="修改密码" open={isOpen} onCancel={onClose} footer={null} width={400} destroyOnHidden>
      <PasswordForm
        onDone={(me) => {
          session.set(me)
          onClose()
        }}
      />
    </Modal>
  )
}
