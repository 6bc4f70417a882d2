import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { assignmentStates, choiceLabel, type AssignmentState, type Choices } from '#model'
import { api } from '../../../api/client.ts'
import { forgetRecord, useMe, useRecord } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { useResource } from '../../../definitions/use-catalog.tsx'
import { ago } from '../../../parts/ago.ts'
import { AskReason } from '../../../parts/ask-reason.tsx'
import { Failed, Skeleton } from '../../../parts/states.tsx'
import { definePanel } from '../../../pages.ts'
import { Part } from '../../../security/own-page.tsx'
import '../../../security/security.css'

const resource = 'directory.roleAssignment'
type Facts = Record<
  | 'role'
  | 'unit'
  | 'post'
  | 'from'
  | 'to'
  | 'createdBy'
  | 'createdAt'
  | 'person'
  | 'confirmedBy'
  | 'confirmedAt'
  | 'endAskedBy'
  | 'endReason'
  | 'reason',
  string | null
> & { status: AssignmentState }

/** A role as it is given and taken away: by one officer, or by two. */
function SecondOfficer({ id }: { resource: string; id: string }) {
  const { rights, person } = useMe()
  const { data, error, refetch } = useRecord(resource, id)
  const type = useResource(resource)
  const client = useQueryClient()
  const { message } = App.useApp()
  const [isAsking, setIsAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !type) return <Skeleton rows={2} />
  const facts = data.record as unknown as Facts
  const nameOf = (one: string | null) => (one ? (data.titles['directory.person']?.[one] ?? '—') : '系统')
  const { status } = facts
  const labelOf = (key: 'role' | 'post') => choiceLabel((type.fields[key]!.options as { choices: Choices }).choices, facts[key]!)
  const isWaiting = status === 'waiting' || status === 'ending'
  const asker = status === 'ending' ? facts.endAskedBy : facts.createdBy
  const mayJudge = isWaiting && rights.includes('security.confirmRoles') && person?.id !== asker && person?.id !== facts.person
  const mayEnd = (status === 'active' || status === 'waiting') && rights.includes('security.roles')
  async function act(verb: 'judge' | 'end', body: object, done: string) {
    setBusy(true)
    try {
      const { waits } = await api.post<{ waits?: true }>(`/api/role-assignments/${id}/${verb}`, body)
      void message.success(waits ? '已提出收回，须由另一位管理员同意' : done)
    } catch (problem) {
      void message.error(messageOf(problem))
    }
    setBusy(false)
    forgetRecord(client, resource, id)
  }
  const judge = (agree: boolean) => void act('judge', { agree }, agree ? '已同意' : '已记为不同意')
  const acts = mayJudge ? (
    <>
      <Button disabled={busy} onClick={() => judge(false)}>
        不同意
      </Button>
      <Button type="primary" loading={busy} onClick={() => judge(true)}>
        {status === 'ending' ? '同意收回' : '同意授予'}
      </Button>
    </>
  ) : (
    mayEnd && (
      <Button danger loading={busy} onClick={() => setIsAsking(true)}>
        {status === 'waiting' ? '撤回' : '收回角色'}
      </Button>
    )
  )
  return (
    <div className="x-security">
      <Part title={assignmentStates[status].label} hint={isWaiting && !mayJudge ? '由提出者和本人之外的系统管理员或安全管理员办理' : ''} acts={acts}>
        <dl className="x-security-facts">
          <dt>角色</dt>
          <dd>{labelOf('role')}</dd>
          <dt>授予给</dt>
          <dd>{[facts.person && nameOf(facts.person), facts.unit && data.titles['directory.unit']?.[facts.unit], facts.post && `职务：${labelOf('post')}`].filter(Boolean).join('，')}</dd>
          {(facts.from ?? facts.to) && (
            <>
              <dt>期限</dt>
              <dd>{facts.from ?? '即日'} 至 {facts.to ?? '长期'}</dd>
            </>
          )}
          <dt>授予人</dt>
          <dd>{nameOf(facts.createdBy)}，{ago(facts.createdAt!)}{facts.reason && `：${facts.reason}`}</dd>
          {facts.confirmedAt && (
            <>
              <dt>{status === 'refused' ? '不同意' : '同意'}</dt>
              <dd>{nameOf(facts.confirmedBy)}，{ago(facts.confirmedAt)}</dd>
            </>
          )}
          {facts.endReason && status !== 'active' && (
            <>
              <dt>{status === 'ending' ? '提出收回' : '收回'}</dt>
              <dd>{nameOf(facts.endAskedBy)}：{facts.endReason}</dd>
            </>
          )}
        </dl>
      </Part>
      {isAsking && <AskReason title={status === 'waiting' ? '撤回授予' : '收回角色'} placeholder="如：换岗、离职" isDanger onClose={() => setIsAsking(false)} onGive={(reason) => (setIsAsking(false), void act('end', { reason }, '已收回'))} />}
    </div>
  )
} // prettier-ignore
export default definePanel({ label: '授予与收回', component: SecondOfficer })
