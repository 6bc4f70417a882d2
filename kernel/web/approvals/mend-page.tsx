import type { ApprovalAnswer, ClientResource } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Checkbox } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useParams } from 'react-router'
import { ApiError } from '../api/problem.ts'
import { newId } from '../api/client.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/titles.tsx'
import { useApproval, useFlowAct } from '../flow/record-flow.tsx'
import { readDraft, type Draft } from '../form/autosave.ts'
import { FormFrame } from '../form/form-frame.tsx'
import { FormStore } from '../form/form-store.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { carried, nothingSaid } from './said.ts'
import { SubmitRemark } from './submit-remark.tsx'
import { useSending } from './use-sending.tsx'

/** A change request that came back: its applicant mends what he asks for and sends it on its way again. */
export default function MendPage() {
  const { id = '' } = useParams()
  const query = useApproval(id)
  const [round, setRound] = useState(0)
  const form = `approvals/${id}`
  const draft = useQuery({
    queryKey: ['draft', form, round],
    queryFn: ({ signal }) => readDraft(form, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  // What is being edited is what was opened: a refetch behind the form must not change it.
  const [opened, setOpened] = useState<ApprovalAnswer | null>(null)
  if (!opened && query.data && !query.isFetching && !draft.isPending) setOpened(query.data)
  const resource = useResource(opened?.resource ?? '')
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!opened) return <Skeleton rows={8} />
  if (!resource || !opened.my.acts.mend)
    return (
      <div className="x-page">
        <PageHead title="修改申请" />
        <Notice kind="noRight" title="这份申请不能修改" text="只有被退回的变更申请可以由申请人修改后重新提交。" />
      </div>
    )
  return (
    <TitlesProvider titles={opened.titles}>
      <MendForm
        key={`${round} ${opened.version}`}
        approval={opened}
        resource={resource}
        form={form}
        draft={draft.data ?? null}
        onReopen={() => {
          setOpened(null)
          setRound(round + 1)
          void query.refetch()
        }}
      />
    </TitlesProvider>
  )
}

interface Props {
  approval: ApprovalAnswer
  resource: ClientResource
  form: string
  draft: Draft | null
  onReopen: () => void
}
function MendForm({ approval, resource, form, draft, onReopen }: Props) {
  const shown = useMemo(() => mendedPart(approval, resource), [approval, resource])
  const store = useMemo(() => new FormStore(shown, approval.record, draft?.changes), [shown, approval, draft])
  const act = useFlowAct(approval.instance)
  const actId = useRef(newId())
  const [said, setSaid] = useState(nothingSaid)
  const [isStraight, setStraight] = useState(false)
  const { sent, asking } = useSending(approval.title)
  async function submit(): Promise<{ id: string; said: string; to: string }> {
    const changes = store.patch()
    const straight = isStraight ? { to: 'returner' } : {}
    const whole = { kind: 'resubmit', seenVersion: approval.version, ...(Object.keys(changes).length ? { changes } : {}), ...carried(said), ...straight } // prettier-ignore
    try {
      await sent((further) => act({ ...whole, ...further }, actId.current))
    } catch (error) {
      // Answered means not done: what is mended next is another act.
      if (error instanceof ApiError && error.status < 500) actId.current = newId()
      throw error
    }
    return { id: approval.record.id, said: '已重新提交', to: `/approvals/${approval.instance}` }
  }
  const back = approval.chain.findLast((one) => one.word === '退回')
  const many = approval.batch.length
  return (
    <>
      <FormFrame
        title={`修改申请 ${approval.title}`}
        form={form}
        resource={shown}
        store={store}
        version={approval.version}
        draft={draft}
        submitLabel="重新提交"
        backTo={`/approvals/${approval.instance}`}
        submit={submit}
        aside={
          <>
            {back && (
              <section className="x-submit-remark">
                <b>{back.name} 退回</b>
                <span>{back.opinion}</span>
              </section>
            )}
            {many > 0 && <p className="x-faint">修改的内容用于这份申请的全部 {many} 条记录。</p>}
            <SubmitRemark label="修改说明" value={said} onChange={setSaid} />
            {approval.my.acts.resume && (
              <Checkbox checked={isStraight} onChange={(event) => setStraight(event.target.checked)}>
                直接送回退回人
              </Checkbox>
            )}
          </>
        }
        onRefused={(error) => {
          if (error.problem.code !== 'versionConflict') return false
          onReopen()
          return true
        }}
        onDiscardDraft={onReopen}
      />
      {asking}
    </>
  )
}

/** The record type as it is mended: fields of other offices can be read only; of a request over many only what it changes is there. */
function mendedPart(approval: ApprovalAnswer, resource: ClientResource): ClientResource {
  const mend = new Set(approval.my.acts.mend)
  const isMany = approval.batch.length > 0
  const fields = Object.fromEntries(Object.entries(resource.fields).filter(([key]) => key in approval.record && (!isMany || mend.has(key))))
  const locked = Object.keys(fields).filter((key) => !mend.has(key))
  return { ...resource, fields, groups: isMany ? [] : resource.groups, readOnly: [...new Set([...resource.readOnly, ...locked])] }
}
