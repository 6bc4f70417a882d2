import type { TalkAnswer } from '#model'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { useMe } from '../api/hooks.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { PersonsPicker } from '../fields/record-picker.tsx'

interface Props {
  onEnd: () => void
  onOpen: (next: { id?: string; with?: string; unit?: string }) => void
}
/** With one colleague it is between two, with several a group; the group of one's unit is there already. */
export function NewTalk({ onEnd, onOpen }: Props) {
  const me = useMe().person
  const [people, setPeople] = useState<string[]>([])
  const [name, setName] = useState('')
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({})
  const [isSending, setSending] = useState(false)
  const others = people.filter((one) => one !== me?.id)
  const isGroup = others.length > 1
  async function begin() {
    if (!isGroup) return others[0] ? onOpen({ with: others[0] }) : setProblems({ members: '请选择同事' })
    setSending(true)
    try {
      onOpen({ id: (await api.post<TalkAnswer>('/api/talks', { name, members: others })).id })
    } catch (fault) {
      const found = fault instanceof ApiError ? (fault.problem.problems ?? []) : []
      setProblems(found.length ? Object.fromEntries(found.map((one) => [one.field, one.message])) : { members: messageOf(fault) })
      setSending(false)
    }
  }
  return (
    <Modal open title="发起沟通" okText={isGroup ? '建群' : '发消息'} onCancel={onEnd} onOk={() => void begin()} okButtonProps={{ loading: isSending, disabled: others.length === 0 }}>
      <div className="t-new">
        <label htmlFor="talk-people">和谁沟通</label>
        <PersonsPicker id="talk-people" value={people} isInvalid={problems['members'] !== undefined} onChange={setPeople} />
        {problems['members'] && (
          <p className="x-problem" role="alert">
            {problems['members']}
          </p>
        )}
        {isGroup && (
          <>
            <label htmlFor="talk-name">群名称</label>
            <Input id="talk-name" value={name} maxLength={40} status={problems['name'] ? 'error' : ''} placeholder="如：3 号楼改造项目" onChange={(event) => setName(event.target.value)} />
            {problems['name'] && (
              <p className="x-problem" role="alert">
                {problems['name']}
              </p>
            )}
          </>
        )}
        {me?.unit && (
          <Button type="link" className="t-unit" onClick={() => onOpen({ unit: me.unit! })}>
            打开{me.unitName}的科室群
          </Button>
        )}
      </div>
    </Modal>
  )
} // prettier-ignore
