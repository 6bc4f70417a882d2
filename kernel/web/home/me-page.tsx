import {
  AppstoreOutlined,
  BgColorsOutlined,
  DownloadOutlined,
  FormOutlined,
  IdcardOutlined,
  KeyOutlined,
  LogoutOutlined,
  PushpinOutlined,
  RightOutlined,
  ShareAltOutlined,
  StarOutlined,
  SwapOutlined,
} from '@ant-design/icons'
import { useState } from 'react'
import { Link } from 'react-router'
import { useMe } from '../api/hooks.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { personResource } from '../shell/palette-entries.ts'
import { PasswordDialog, nameOfMe, postOfMe, signOut, themeLabels } from '../shell/user-menu.tsx'
import { setThemeMode, themeMode, type ThemeMode } from '../theme/mode.ts'
import './home.css'

const following: Record<ThemeMode, ThemeMode> = { system: 'light', light: 'dark', dark: 'system' }

/** The phone's last tab: who I am, my file, settings. */
export default function MePage() {
  const me = useMe()
  const file = personResource(useCatalog())
  const [mode, setMode] = useState(themeMode)
  const [isChanging, setChanging] = useState(false)
  return (
    <div className="x-page">
      <PageHead title="我的" isRoot />
      <div className="x-card x-profile">
        <Avatar name={nameOfMe(me)} size={52} />
        <div>
          <b>{nameOfMe(me)}</b>
          <span className="x-muted">{postOfMe(me)}</span>
        </div>
      </div>
      <div className="x-card x-settings">
        {file && me.person && (
          <Link to={`/r/${file}/${me.person.id}`}>
            <IdcardOutlined /> 我的档案 <span className="x-space" />
            <RightOutlined className="x-faint" />
          </Link>
        )}
        <Link to="/start">
          <FormOutlined /> 发起申请 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/me/stand-ins">
          <SwapOutlined /> 委托代办 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/me/shares">
          <ShareAltOutlined /> 我的分享 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/me/shortcuts">
          <PushpinOutlined /> 我的快捷 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/me/exports">
          <DownloadOutlined /> 我的导出 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/me/follows">
          <StarOutlined /> 我关注的 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/all">
          <AppstoreOutlined /> 全部功能 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
      </div>
      <div className="x-card x-settings">
        <button
          type="button"
          onClick={() => {
            const next = following[mode]
            setMode(next)
            setThemeMode(next)
          }}
        >
          <BgColorsOutlined /> 外观 <span className="x-space" />
          <span className="x-muted">{themeLabels[mode]}</span>
        </button>
        <button type="button" onClick={() => setChanging(true)}>
          <KeyOutlined /> 修改密码
        </button>
        <button type="button" className="danger" onClick={() => void signOut()}>
          <LogoutOutlined /> 退出登录
        </button>
      </div>
      <PasswordDialog isOpen={isChanging} onClose={() => setChanging(false)} />
    </div>
  )
}
