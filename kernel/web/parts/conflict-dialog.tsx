import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { messageOf } from '../api/problem.ts'

/** Two people draw one thing: who, and which of the two drafts stays. */
export function ConflictDialog({ what, why, onTheirs, onMine }: { what: string; why: string; onTheirs: () => Promise<void>; onMine: () => Promise<void> }) {
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
      title={`${what}刚被别人修改`}
      footer={[
        <Button key="theirs" loading={isBusy} onClick={() => void choose(onTheirs)}>
          用对方的，放弃我的
        </Button>,
        <Button key="mine" type="primary" loading={isBusy} onClick={() => void choose(onMine)}>
          用我的覆盖
        </Button>,
      ]}
    >
      <p>{why}</p>
      <p className="x-muted">两份不能自动合并。选用其中一份之前，可以先与对方联系。</p>
    </Modal>
  )
} // prettier-ignore
