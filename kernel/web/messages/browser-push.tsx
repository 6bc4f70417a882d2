import { formatInstant, type OwnPush } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Switch } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { Failed } from '../parts/states.tsx'
import { canBePushed, pushedHere, switchPushOff, switchPushOn } from './push.ts'

const key = ['message-push']
/** 浏览器推送: this browser is told while no page is open, by the service of its maker. */
export function BrowserPush({ onChange }: { onChange: () => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const own = await api.get<OwnPush>('/api/messages/push', {}, signal)
      return { ...own, here: await pushedHere(own) }
    },
  })
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data?.key) return null
  const { here, devices } = data
  async function change(work: () => Promise<unknown>) {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (fault) {
      setProblem(wordsOf(fault))
    }
    await client.invalidateQueries({ queryKey: key })
    onChange()
    setBusy(false)
  }
  const turn = (on: boolean) => change(() => (on ? askAndSwitchOn(data.key!) : switchPushOff(here!)))
  const off = async (id: string) => {
    await change(() => switchPushOff(id))
    void message.success('已停用')
  }
  const obstacle = !canBePushed() ? cannot : Notification.permission === 'denied' ? denied : null
  return (
    <>
      <label>
        <Switch aria-label="浏览器推送" checked={here !== null} loading={isBusy} disabled={obstacle !== null && here === null} onChange={(on) => void turn(on)} /> 浏览器推送
        <small className="x-faint">　{obstacle ?? '关着本页也能收到，只有标题和链接；经浏览器厂商的推送服务送达，须能连上外网。公用电脑上请勿开启，退出登录即停止'}</small>
      </label>
      {problem && (
        <p className="x-problem" role="alert">
          {problem}
        </p>
      )}
      {devices.length > 0 && (
        <ul className="m-devices" aria-label="接收推送的浏览器">
          {devices.map(({ id, device, at }) => (
            <li key={id}>
              <span>
                {device}
                {id === here && '（本机）'} <small className="x-faint">{formatInstant(at).slice(0, 10)} 开启</small>
              </span>
              <Button size="small" aria-label={`停用 ${device}`} disabled={isBusy} onClick={() => void off(id)}>
                停用
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
} // prettier-ignore

const cannot = '这个浏览器收不了推送：须经 https 打开本站；iPhone、iPad 及企业微信内请用企业微信接收'
const denied = '这个浏览器不允许本站发通知：请在地址栏左侧的网站设置中允许'
class NotAllowed extends Error {}
async function askAndSwitchOn(key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') throw new NotAllowed()
  await switchPushOn(key)
}
function wordsOf(fault: unknown): string {
  if (fault instanceof NotAllowed) return '没有开启：浏览器没有允许本站发通知'
  // What the browser itself refuses: its maker's service does not answer, or it has none.
  if (fault instanceof DOMException) return '没有开启：连不上浏览器厂商的推送服务。Chrome 的服务在国内网络通常连不上，可改用 Edge 或 Firefox，或由医院放行其推送地址；也可用企业微信接收'
  return `没有开启：${messageOf(fault)}`
} // prettier-ignore
