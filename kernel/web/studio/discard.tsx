import { isOwnDesign } from '#kernel/model/designs/index.ts'
import { App, Button } from 'antd'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { usePage } from '../shell/page-context.tsx'
import { designUrl, type Studio } from './use-studio.ts'

/** 放弃草稿: back to what is in force; one that never was is gone with it, and what it was begun from is shown again. */
export function Discard<T>({ studio, from }: { studio: Studio<T>; from: string }) {
  const { opened, reload } = studio
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const page = usePage()
  const isNew = opened.version === null && isOwnDesign(opened.name)
  const isDrawn = opened.isDraft || studio.mayUndo
  async function discard() {
    try {
      const revision = (await studio.flush()) ?? studio.revision
      await api.delete(designUrl(opened.kind, opened.name, '/draft'), { revision })
      void message.success('草稿已放弃')
      if (!isNew) return reload(await api.get(designUrl(opened.kind, opened.name)))
      page.discard()
      await navigate(from, { replace: true })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const ask = () => modal.confirm({ title: '放弃这份草稿？', content: isNew ? '它还没有发布过，放弃后就没有了。' : '回到生效的定义，之后的改动都不保留。', okText: '放弃草稿', okButtonProps: { danger: true }, onOk: discard })
  return <Button disabled={!isDrawn} onClick={() => void ask()}>放弃草稿</Button>
} // prettier-ignore
