import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { messageOf } from '../../api/problem.ts'
import { useWorld } from './context.ts'

/** Two people draw one flow: who, and which of the two drafts stays. */
export function Conflict({ why }: { why: string }) {
  const { takeTheirs, keepMine } = useWorld()
  const { message } = App.useApp()
  const [isBusy, setBusy] = useState(false)
  const choose = async (way: () => Promise<void>) => {
    setBusy(true)
    await way().catch((error: unknown) => void message.error(messageOf(error)))
    setBusy(false)
  }
  return (
    <Modal
      open
      closable={false}
      title="这个流程刚被别人修改"
      footer={[
        <Button key="theirs" loading={isBusy} onClick={() => void choose(takeTheirs)}>
          用对方的，放弃我的
        </Button>,
        <Button key="mine" type="primary" loading={isBusy} onClick={() => void choose(keepMine)}>
          用我的覆盖
        </Button>,
      ]}
    >
      <p>{why}</p>
      <p className="x-muted">两份不能自动合并。选用其中一份之前，可以先与对方联系。</p>
    </Modal>
  )
}
