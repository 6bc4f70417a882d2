import type { ApiRecord, ClientResource, RecordAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useParams, useSearchParams } from 'react-router'
import { api, newId } from '../api/client.ts'
import { useRecord } from '../api/hooks.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { titleOfRecord } from '../detail/record-title.tsx'
import { TitlesProvider } from '../fields/index.ts'
import { carried, nothingSaid } from '../approvals/said.ts'
import { SubmitRemark } from '../approvals/submit-remark.tsx'
import { useSending } from '../approvals/use-sending.tsx'
import { useApproval, useFlowAct } from '../flow/record-flow.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { readDraft, type Draft } from './autosave.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import { DirectReason } from './direct-reason.tsx'
import { FormFrame } from './form-frame.tsx'
import { asPatch, FormStore } from './form-store.ts'

export default function EditPage() {
  const { resource: name = '', id = '' } = useParams()
  const resource = useResource(name)
  const answer = useRecord(name, resource ? id : undefined)
  const form = `${name}/${id}`
  const returned = answer.data?.record.state === 'returned' ? answer.data.record.flow?.instance : undefined
  const approval = useApproval(returned)
  const [search] = useSearchParams()
  const [round, setRound] = useState(0)
  const draft = useQuery({
    queryKey: ['draft', form, round],
    queryFn: ({ signal }) => readDraft(form, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  // The form keeps the version it was opened with: a refetch behind it must not change what is being edited.
  const [opened, setOpened] = useState<RecordAnswer | null>(null)
  if (!opened && answer.data && !answer.isFetching && !draft.isPending) setOpened(answer.data)
  if (!resource) return <NotFound />
  if (answer.error) return <Failed error={answer.error} retry={() => void answer.refetch()} />
  if (!opened) return <Skeleton />
  const { record } = opened
  if (record.state === 'returned' && approval.isPending) return <Skeleton />
  const mayResubmit = approval.data?.my.acts.resubmit === true
  const isDirect = search.get('directly') === '1' && record.may?.writeDirectly === true
  const mayAsk = !isDirect && record.may?.requestChange === true
  if (!mayResubmit && !mayAsk && !isDirect && (!record.may?.update || resource.writtenBy === 'module'))
    return (
      <div className="x-page">
        <PageHead title={`编辑${resource.label}`} />
        <Notice
          kind="noRight"
          title="这条记录不能修改"
          text={record.state === 'pending' ? '正在审批中，退回或撤回后才能修改。' : '你没有修改它的权限。'}
        />
      </div>
    )
  const reopen = () => {
    setOpened(null)
    setRound(round + 1)
    void answer.refetch()
  }
  return (
    <TitlesProvider titles={opened.titles}>
      <EditForm
        key={round}
        resource={resource}
        answer={opened}
        form={form}
        draft={draft.data ?? null}
        resubmits={mayResubmit ? returned : undefined}
        asks={mayAsk}
        isDirect={isDirect}
        onReopen={reopen}
      />
    </TitlesProvider>
  )
}

interface Props {
  resource: ClientResource
  answer: RecordAnswer
  form: string
  draft: Draft | null
  /** The approval that gave the record back: saving sends it on its way again. */
  resubmits: string | undefined
  /** What is changed here waits for an approval before it holds. */
  asks: boolean
  /** Past the approval, for a reason. */
  isDirect: boolean
  onReopen: () => void
}
function EditForm({ resource, answer, form, draft, resubmits, asks, isDirect, onReopen }: Props) {
  const { record } = answer
  const store = useMemo(() => new FormStore(resource, record, draft?.changes), [resource, record, draft])
  const act = useFlowAct(resubmits ?? '')
  const [actId] = useState(newId)
  const [reason, setReason] = useState('')
  const [said, setSaid] = useState(nothingSaid)
  const { sent, asking } = useSending(resource.label)
  const [theirs, setTheirs] = useState<ApiRecord | null>(null)
  const send = async (seenVersion: number, changes: Record<string, unknown>): Promise<unknown> => {
    const address = `${resource.name}/${record.id}`
    if (resubmits) return sent((further) => act({ kind: 'resubmit', seenVersion, changes, ...further }))
    if (asks) {
      const { opinion, ...more } = carried(said)
      const body = { actId, seenVersion, changes, ...more, ...(opinion ? { reason: opinion } : {}) }
      return sent((further) => api.post(`/api/flows/change/${address}`, { ...body, ...further }))
    }
    return api.patch<RecordAnswer>(`/api/records/${address}`, { version: seenVersion, changes, ...(isDirect ? { directly: reason } : {}) })
  }
  return (
    <>
      <FormFrame
        title={`${asks ? '申请变更' : isDirect ? '直接修改' : '编辑'} ${titleOfRecord(resource, answer)}`}
        form={form}
        resource={resource}
        store={store}
        version={record.version}
        draft={draft}
        submitLabel={resubmits ? '重新提交' : asks ? '提交变更申请' : '保存'}
        submit={async () => {
          await send(record.version, store.patch())
          return { id: record.id, said: resubmits ? '已重新提交' : asks ? '已提交，批准后生效' : '已保存' }
        }}
        {...(asks ? { aside: <SubmitRemark label="变更的理由" value={said} onChange={setSaid} /> } : {})}
        {...(isDirect ? { aside: <DirectReason label="直接修改的理由" value={reason} onChange={setReason} /> } : {})}
        onRefused={(error) => {
          const { current, code } = error.problem
          if (code !== 'versionConflict' || !current) return false
          setTheirs(current)
          return true
        }}
        onDiscardDraft={onReopen}
      />
      {asking}
      {theirs && (
        <ConflictDialog
          resource={resource}
          form={form}
          base={record}
          changes={store.changes()}
          theirs={theirs}
          save={(changes) => send(theirs.version, asPatch(resource.fields, record, changes))}
          onConflictAgain={setTheirs}
          onClose={() => setTheirs(null)}
        />
      )}
    </>
  )
}
