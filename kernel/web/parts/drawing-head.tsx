import { RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { Saving } from './keeping.ts'

const words = { saved: '草稿已保存', waiting: '有未保存的改动', saving: '正在保存…', conflict: '未保存：另有人修改' } as const
/** How it stands with what is drawn. `isUntouched`: it is what is in force. */
export function SavingWord({ saving, isUntouched, onRetry }: { saving: Saving; isUntouched: boolean; onRetry: () => void }) {
  if (saving.state === 'failed')
    return (
      <span role="alert" className="x-problem">
        没有保存：{saving.why}{' '}
        <button type="button" className="x-link" onClick={onRetry}>
          重试
        </button>
      </span>
    )
  return <span role="status">{isUntouched ? '与生效的一致' : words[saving.state]}</span>
}
interface Undoing {
  undo: () => void
  redo: () => void
  mayUndo: boolean
  mayRedo: boolean
}
export function UndoRedo({ undo, redo, mayUndo, mayRedo }: Undoing) {
  return (
    <>
      <Button icon={<UndoOutlined />} aria-label="撤销" title="撤销（Ctrl Z）" disabled={!mayUndo} onClick={undo} />
      <Button icon={<RedoOutlined />} aria-label="重做" title="重做（Ctrl Y）" disabled={!mayRedo} onClick={redo} />
    </>
  )
}
