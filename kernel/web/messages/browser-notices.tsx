import { Switch } from 'antd'
import { useState } from 'react'
import { useStored } from '../shell/use-stored.ts'
import { browserNotices, canNotify } from './notify.ts'

/** 浏览器通知: shown by the machine itself while the page stands open behind others. */
export function BrowserNotices() {
  const [isWanted, setWanted] = useStored(browserNotices, false)
  const [permission, setPermission] = useState(canNotify() ? Notification.permission : 'denied')
  async function turn(on: boolean) {
    if (on) {
      const given = await Notification.requestPermission()
      setPermission(given)
      if (given !== 'granted') return
    }
    setWanted(on)
  }
  return (
    <label>
      <Switch
        aria-label="浏览器通知"
        checked={isWanted && permission === 'granted'}
        disabled={permission === 'denied'}
        onChange={(on) => void turn(on)}
      />{' '}
      浏览器通知
      <small className="x-faint">
        {permission === 'denied'
          ? '　这个浏览器不允许本站发通知：请在地址栏左侧的网站设置中允许；须经 https 打开'
          : '　本页开着但不在眼前时，由电脑弹出；手机上请用企业微信接收'}
      </small>
    </label>
  )
}
