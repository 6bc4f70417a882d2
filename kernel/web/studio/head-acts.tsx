import type { DesignProblem } from '#model'
import { App, Button, Popover } from 'antd'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { usePage } from '../shell/page-context.tsx'
import { designUrl, type Studio } from './use-studio.ts'

/** What keeps it from being published, each leading to its place. */
export function Faults({ problems, onShow }: { problems: readonly DesignProblem[]; onShow: (place: string) => void }) {
  if (problems.length === 0) return null
  return (
    <Popover trigger="click" placement="bottomRight" content={<div className="x-fault-list">{problems.map((one, at) => <button key={at} type="button" onClick={() => onShow(one.field)}>{one.message}</button>)}</div>}>
      <Button danger>{problems.length} 处问题</Button>
    </Popover>
  )
} // prettier-ignore
/** Throws the draft away; what never was in force is gone with it, and the list of its kind is shown. */
export function Discard<T>({ studio, list = '/designs' }: { studio: Studio<T>; list?: string }) {
  const { opened, reload } = studio
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const page = usePage()
  const isNew = opened.version === null
  const isDrawn = opened.isDraft || studio.mayUndo
  async function discard() {
    try {
      const revision = (await studio.flush()) ?? studio.revision
      await api.delete(designUrl(opened.kind, opened.name, '/draft'), { revision })
      void message.success('草稿已放弃')
      if (!isNew || opened.kind === 'overlay') return reload(await api.get(designUrl(opened.kind, opened.name)))
      page.discard()
      await navigate(list, { replace: true })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const ask = () => modal.confirm({ title: '放弃这份草稿？', content: isNew ? '它还没有发布过，放弃后就没有了。' : '回到生效的定义，之后的改动都不保留。', okText: '放弃草稿', okButtonProps: { danger: true }, onOk: discard })
  return <Button disabled={!isDrawn} onClick={() => void ask()}>放弃草稿</Button>
} // prettier-ignore
