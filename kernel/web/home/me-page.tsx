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
  SafetyCertificateOutlined,
  ShareAltOutlined,
  StarOutlined,
  SwapOutlined,
} from '@ant-design/icons'
import { useState, type ReactNode } from 'react'
import { Link } from 'react-router'
import { signOut } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Avatar } from '../parts/avatar.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { personResource } from '../shell/palette-entries.ts'
import { nameOfMe, postOfMe, themeLabels } from '../shell/user-menu.tsx'
import { keepLiking } from '../shell/use-stored.ts'
import { setThemeMode, themeMode, type ThemeMode } from '../theme/mode.ts'
import './home.css'

const following: Record<ThemeMode, ThemeMode> = { system: 'light', light: 'dark', dark: 'system' }

/** The phone's last tab: who I am, my file, settings. */
export default function MePage() {
  const me = useMe()
  const file = personResource(useCatalog())
  const [mode, setMode] = useState(themeMode)
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
        {file && me.person && <Way to={`/r/${file}/${me.person.id}`} icon={<IdcardOutlined />} name="我的档案" />}
        <Way to="/start" icon={<FormOutlined />} name="发起申请" />
        <Way to="/me/stand-ins" icon={<SwapOutlined />} name="委托代办" />
        <Way to="/me/shares" icon={<ShareAltOutlined />} name="我的分享" />
        <Way to="/me/shortcuts" icon={<PushpinOutlined />} name="我的快捷" />
        <Way to="/me/exports" icon={<DownloadOutlined />} name="我的导出" />
        <Way to="/me/follows" icon={<StarOutlined />} name="我关注的" />
        <Way to="/all" icon={<AppstoreOutlined />} name="全部功能" />
      </div>
      <div className="x-card x-settings">
        <button
          type="button"
          onClick={() => {
            const next = following[mode]
            setMode(next)
            setThemeMode(next)
            keepLiking('theme', next)
          }}
        >
          <BgColorsOutlined /> 外观 <span className="x-space" />
          <span className="x-muted">{themeLabels[mode]}</span>
        </button>
        <Link to="/me/personal">
          <SafetyCertificateOutlined /> 我的个人信息 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <Link to="/me/security">
          <KeyOutlined /> 登录与安全 <span className="x-space" />
          <RightOutlined className="x-faint" />
        </Link>
        <button type="button" className="danger" onClick={() => void signOut()}>
          <LogoutOutlined /> 退出登录
        </button>
      </div>
    </div>
  )
}

function Way({ to, icon, name }: { to: string; icon: ReactNode; name: string }) {
  return (
    <Link to={to}>
      {icon} {name} <span className="x-space" />
      <RightOutlined className="x-faint" />
    </Link>
  )
}
