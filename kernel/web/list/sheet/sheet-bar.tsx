import type { ChangeManyAnswer, ClientResource } from '#model'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { FirstText } from '../../parts/first-input.tsx'
import { api, newId } from '../../api/client.ts'
import { useSending } from '../../approvals/use-sending.tsx'
import type { Sheet } from './use-sheet.ts'

interface Props {
  resource: ClientResource
  sheet: Sheet
  isAsking: boolean
  setAsking: (isAsking: boolean) => void
}
/** What has been changed and not yet written; where a type is under approval, one request for all of it. */
export function SheetBar({ resource, sheet, isAsking, setAsking }: Props) {
  const { modal } = App.useApp()
  const { changed, wrong, isBusy } = sheet
  const isGuarded = resource.approval !== undefined
  const right = changed - wrong
  const drop = () =>
    modal.confirm({ title: `放弃 ${changed} 格还没保存的修改？`, okText: '放弃修改', okButtonProps: { danger: true }, onOk: sheet.drop })
  return (
    <div className="x-sheet-bar" role="status">
      {changed ? (
        <>
          <span>
            已改 <b>{changed}</b> 格{wrong > 0 && <em className="x-problem">，其中 {wrong} 格有误（标红，不会保存）</em>}
          </span>
          <Button
            size="small"
            type="primary"
            loading={isBusy}
            disabled={right === 0}
            onClick={() => (isGuarded ? setAsking(true) : void sheet.save())}
          >
            {isGuarded ? '提交变更申请' : `保存 ${right} 格`}
          </Button>
          <Button size="small" disabled={isBusy} onClick={sheet.back}>
            撤销一步
          </Button>
          <Button size="small" disabled={isBusy} onClick={drop}>
            放弃修改
          </Button>
        </>
      ) : sheet.saved > 0 ? (
        <>
          <span>已保存 {sheet.saved} 格</span>
          <Button size="small" onClick={sheet.takeBack}>
            改回原来的值
          </Button>
        </>
      ) : (
        <span className="x-faint">直接输入、回车或双击修改；可从表格软件复制一块粘贴。Ctrl+Z 撤销，Ctrl+D 向下填充，Ctrl+S 保存</span>
      )}
      {isAsking && <ReasonDialog resource={resource} sheet={sheet} onClose={() => setAsking(false)} />}
    </div>
  )
}

function ReasonDialog({ resource, sheet, onClose }: { resource: ClientResource; sheet: Sheet; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState(false)
  const { sent, asking } = useSending(`变更${resource.label}`)
  const send = async () => {
    if (!reason.trim()) return setProblem(true)
    await sheet.save((records) =>
      sent((further) =>
        api.post<ChangeManyAnswer>(`/api/flows/change-many/${resource.name}`, {
          actId: newId(),
          reason: reason.trim(),
          records,
          ...further,
        }),
      ),
    )
    onClose()
  }
  return (
    <Modal
      open
      title={`申请变更${resource.label}`}
      okText="提交申请"
      confirmLoading={sheet.isBusy}
      onOk={() => void send()}
      onCancel={onClose}
    >
      {asking}
      <p className="x-muted">由同一批人审批的记录合为一份申请，批准后一起生效；不能申请的在原格说明原因。</p>
      <FirstText
        aria-label="变更的理由"
        autoSize={{ minRows: 2, maxRows: 5 }}
        maxLength={500}
        value={reason}
        status={problem ? 'error' : ''}
        placeholder="必填，审批人据此判断"
        onChange={(event) => {
          setReason(event.target.value)
          setProblem(false)
        }}
      />
      {problem && (
        <p className="x-problem" role="alert">
          请填写变更的理由
        </p>
      )}
    </Modal>
  )
}
