import { MoreOutlined } from '@ant-design/icons'
import type { ClientResource, RecordAnswer } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown, Input } from 'antd'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { api, newId } from '../api/client.ts'
import { forgetRecord, useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { useSending } from '../approvals/use-sending.tsx'
import { useButtons } from '../buttons/use-buttons.tsx'
import { useApproval, useFlowAct } from '../flow/record-flow.tsx'
import { useRecordSharing } from '../sharing/record-sharing.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Pointing, PointingList, pointingOf } from './pointing.tsx'
import { titleOfRecord } from './record-title.tsx'

/** More of the hospital's own buttons than so many stand in the menu. */
const mostBeside = 3
/** Is there anything to fill in? Some records are changed by buttons alone. */
const hasOpenField = ({ fields, readOnly }: ClientResource): boolean =>
  Object.entries(fields).some(([key, field]) => !field.readOnly && !field.derived && !readOnly.includes(key))
/** What the answer allows, and nothing else. */
export function useActs(
  resource: ClientResource,
  answer: RecordAnswer,
): { main: ReactNode; menu: ReactNode; buttons: ReactNode[]; asking: ReactNode } {
  const { record } = answer
  const navigate = useNavigate()
  const client = useQueryClient()
  const { modal, message } = App.useApp()
  const isPhone = useIsPhone()
  const path = `/api/records/${resource.name}/${record.id}`
  const sharing = useRecordSharing(resource, record)
  const isGeneric = resource.writtenBy !== 'module'
  const me = useMe().person?.id
  const isSomebodyElse = (resource.owner.person === 'id' || resource.name === 'directory.person') && record.id !== me
  const my = useApproval(record.flow?.instance).data?.my
  const act = useFlowAct(record.flow?.instance ?? '')
  const { sent, asking } = useSending(`删除“${titleOfRecord(resource, answer)}”`)
  async function run(act: () => Promise<unknown>, done: string, then?: () => void) {
    try {
      await act()
      message.success(done)
      forgetRecord(client, resource.name, record.id)
      then?.()
    } catch (error) {
      const groups = pointingOf(error)
      if (groups)
        modal.warning({
          title: messageOf(error),
          content: (
            <div className="x-pointing">
              <PointingList groups={groups} isDeleted />
            </div>
          ),
        })
      else message.error(messageOf(error))
    }
  }
  const remove = () =>
    modal.confirm({
      title: `删除“${titleOfRecord(resource, answer)}”？`,
      content: (
        <>
          删除后进入回收站，可以恢复。
          <Pointing resource={resource.name} id={record.id} />
        </>
      ),
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () =>
        run(
          () => api.delete(path, { version: record.version }),
          '已移入回收站',
          () => void navigate(`/r/${resource.name}`),
        ),
    })
  const withdraw = () =>
    modal.confirm({
      title: '撤回这项申请？',
      content: '审批到此结束，已作出的意见仍留在记录里。',
      okText: '撤回',
      okButtonProps: { danger: true },
      onOk: () => run(() => act({ kind: 'withdraw', seenVersion: record.version }), '已撤回'),
    })
  /** An act for which a reason is given, with what points at the record in sight. */
  const askReason = (title: string, okText: string, act: (reason: string) => Promise<void>) => {
    let reason = ''
    modal.confirm({
      title,
      content: (
        <>
          <Input.TextArea
            aria-label="理由"
            placeholder="理由（必填）"
            maxLength={500}
            onChange={(event) => (reason = event.target.value)}
          />
          <Pointing resource={resource.name} id={record.id} isDeleted={record.deletedAt !== null} />
        </>
      ),
      okText,
      okButtonProps: { danger: true },
      // Closed at once: the act may ask for more.
      onOk: (close: () => void) => {
        if (!reason.trim()) return void message.error('请填写理由')
        close()
        void act(reason.trim())
      },
    })
  }
  const purge = () =>
    askReason(`彻底删除“${titleOfRecord(resource, answer)}”？此后不能恢复`, '彻底删除', (reason) =>
      run(
        () => api.post(`${path}/purge`, { reason }),
        '已彻底删除',
        () => void navigate(`/r/${resource.name}?deleted=1`),
      ),
    )
  const askDeletion = () => {
    const asked = { actId: newId(), seenVersion: record.version }
    askReason(`申请删除“${titleOfRecord(resource, answer)}”`, '提交申请', (reason) =>
      run(
        () => sent((further) => api.post(`/api/flows/delete/${resource.name}/${record.id}`, { ...asked, reason, ...further })),
        '已提交，批准后删除',
      ),
    )
  }
  const restore = () => void run(() => api.post(`${path}/restore`, { version: record.version }), '已恢复')
  const { buttons, asking: buttonAsks } = useButtons(resource, record)
  const few = buttons.slice(0, mostBeside)
  const items = [
    ...buttons.slice(mostBeside).map(({ button, press }) => ({ key: `button ${button.name}`, label: button.label, onClick: press })),
    ...(record.deletedAt
      ? []
      : [{ key: 'print', label: '打印', onClick: () => void navigate(`/print/${resource.name}?ids=${record.id}`) }]),
    {
      key: 'link',
      label: '复制链接',
      onClick: () => void navigator.clipboard?.writeText(location.href).then(() => message.success('已复制')),
    },
    ...sharing.items,
    ...(isSomebodyElse ? [{ key: 'talk', label: '发消息', onClick: () => void navigate(`/talk?with=${record.id}`) }] : []),
    ...(my?.acts.withdraw ? [{ key: 'withdraw', label: '撤回申请', danger: true, onClick: withdraw }] : []),
    ...(isGeneric && record.may?.requestDeletion
      ? [{ key: 'requestDeletion', label: '申请删除', danger: true, onClick: askDeletion }]
      : []),
    ...(isGeneric && record.may?.writeDirectly
      ? [{ key: 'directly', label: '直接修改（免审批）', onClick: () => void navigate(`/r/${resource.name}/${record.id}/edit?directly=1`) }]
      : []),
    ...(record.may?.purge ? [{ key: 'purge', label: '彻底删除', danger: true, onClick: purge }] : []),
    ...(isGeneric && record.may?.delete ? [{ key: 'delete', label: '删除', danger: true, onClick: remove }] : []),
  ]
  const menu = (
    <Dropdown key="menu" menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button key="more" type={isPhone ? 'text' : 'default'} icon={<MoreOutlined />} aria-label="更多操作" />
    </Dropdown>
  )
  const task = my?.task
  const main = task ? (
    <Button key="task" type="primary" onClick={() => void navigate(`/approvals/${record.flow?.instance}`)}>
      去处理
    </Button>
  ) : my?.acts.resubmit ? (
    <Button key="resubmit" type="primary" onClick={() => void navigate(`/r/${resource.name}/${record.id}/edit`)}>
      修改并重新提交
    </Button>
  ) : isGeneric && record.may?.restore && record.deletedAt ? (
    <Button key="restore" type="primary" onClick={restore}>
      恢复
    </Button>
  ) : isGeneric && record.may?.requestChange ? (
    <Button key="change" type="primary" onClick={() => void navigate(`/r/${resource.name}/${record.id}/edit`)}>
      申请变更
    </Button>
  ) : isGeneric && record.may?.update && !record.deletedAt && hasOpenField(resource) ? (
    <Button key="edit" type="primary" onClick={() => void navigate(`/r/${resource.name}/${record.id}/edit`)}>
      编辑
    </Button>
  ) : null
  const dialogs = (
    <>
      {asking}
      {buttonAsks}
      {sharing.dialogs}
    </>
  )
  const beside = few.map(({ button, press }) => (
    <Button key={button.name} onClick={press}>
      {button.label}
    </Button>
  ))
  return { main, menu, buttons: beside, asking: dialogs }
}
