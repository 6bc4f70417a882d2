import { approvalSubject, type ApprovalAnswer, type ClientResource, type Field, type Fields } from '#model'
import { PrinterOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useNavigate, useParams } from 'react-router'
import { keys } from '../api/hooks.ts'
import { api } from '../api/client.ts'
import { useWatch } from '../api/live.ts'
import { RecordFields } from '../detail/record-fields.tsx'
import { useResource } from '../definitions/use-catalog.tsx'
import { TitlesProvider } from '../fields/titles.tsx'
import { FlowPath } from '../flow/flow-path.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useIsDirty } from '../form/use-form.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { useUnsaved } from '../shell/page-context.tsx'
import { Excerpts, TalkSection } from '../talk/section.tsx'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { Tag } from '../parts/tag.tsx'
import { Act } from './act.tsx'
import { Admissions } from './admissions.tsx'
import { Chain } from './chain.tsx'
import { Changes } from './changes.tsx'
import { statuses } from './verdicts.ts'
import { SectionForm, useSection } from './section-form.tsx'
import { Conversation } from './conversation.tsx'
import { stepsOf } from '../flow/steps-of.ts'
import './approvals.css'

/** One approval: what is asked, the way it goes, and — for whom it waits — the decision, on one screen. */
export default function ApprovalPage() {
  const { id = '' } = useParams()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: keys.approval(id),
    queryFn: ({ signal }) => api.get<ApprovalAnswer>(`/api/approvals/${id}`, {}, signal),
  })
  useWatch(approvalSubject, id)
  const forget = () => {
    for (const queryKey of [['approval'], keys.tasks, keys.counts, keys.messages, ['records'], ['record'], ['privileges']])
      void client.invalidateQueries({ queryKey })
  }
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton rows={10} />
  return (
    <TitlesProvider titles={query.data.titles}>
      <Approval key={`${id} ${query.data.version} ${query.data.my.task?.id}`} approval={query.data} onDone={forget} />
    </TitlesProvider>
  )
}

function Approval({ approval, onDone }: { approval: ApprovalAnswer; onDone: () => void }) {
  const known = useResource(approval.resource)
  const given = approval.definition ?? known
  const { hiddenColumns } = approval
  const resource = useMemo(() => given && withoutColumns(given, hiddenColumns), [given, hiddenColumns])
  const [word, tone] = statuses[approval.status]
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const section = useSection(approval, resource)
  useUnsaved(useIsDirty(section))
  const facts = resource && {
    ...resource,
    fields: without(resource.fields, [approval.itemsKey, ...Object.keys(section?.resource.fields ?? {})]),
    groups: [],
  }
  return (
    <div className="x-page x-approval">
      <PageHead
        title={approval.title}
        tab={approval.title}
        hint={<Tag tone={tone}>{word}</Tag>}
        acts={
          <Button
            key="print"
            type={isPhone ? 'text' : 'default'}
            icon={<PrinterOutlined aria-hidden />}
            aria-label="打印审批单"
            onClick={() => void navigate(`/approvals/${approval.instance}/print`)}
          >
            {isPhone ? null : '打印审批单'}
          </Button>
        }
      />
      <div className="x-approval-body">
        <div className="x-approval-main">
          <section className="x-card x-approval-who">
            <b>{approval.applicant.name}</b>
            <span>{approval.applicant.unitName}</span>
            <span className="x-faint">{approval.number}</span>
            {approval.filledBy && <span className="x-faint">由 {approval.filledBy.name} 代填</span>}
            {approval.related.map((r) => (
              <a key={r.instance} href={`/approvals/${r.instance}`}>
                {r.number} {statuses[r.status][0]}
              </a>
            ))}
          </section>
          <Changes approval={approval} resource={resource} />
          <Admissions approval={approval} />
          <Act
            approval={approval}
            rows={rowsOf(approval)}
            fields={lineFields(approval, resource?.fields)}
            onDone={onDone}
            section={section}
          >
            {section && <SectionForm approval={approval} store={section} />}
            {facts && approval.batch.length === 0 && !approval.import && (
              <section className="x-card x-approval-facts">
                <RecordFields resource={facts} record={without(approval.record, [approval.itemsKey])} isNarrow />
              </section>
            )}
            <Conversation approval={approval} />
          </Act>
          <Excerpts resource={approval.resource} record={approval.record.id} />
          <TalkSection resource={approvalSubject} record={approval.instance} />
        </div>
        <aside className="x-card x-approval-way" aria-label="审批经过">
          <h2>审批经过</h2>
          <FlowPath steps={stepsOf(approval.path)} />
          <Chain chain={approval.chain} />
        </aside>
      </div>
    </div>
  )
}

const rowsOf = (a: ApprovalAnswer) => (a.itemsKey ? ((a.record[a.itemsKey] ?? []) as ({ id: string } & Record<string, unknown>)[]) : [])
function lineFields(a: ApprovalAnswer, fields: Fields | undefined): Fields {
  const rows = a.itemsKey ? fields?.[a.itemsKey] : undefined
  return rows?.kind === 'rows' ? (rows as Field<'rows'>).options.fields : {}
}
/** The type as the reader's step shows it. */
function withoutColumns(resource: ClientResource, hidden: readonly string[]): ClientResource {
  if (hidden.length === 0) return resource
  const cut = (key: string, field: Field): Field => {
    if (field.kind !== 'rows') return field
    const { options } = field as Field<'rows'>
    return { ...field, options: { ...options, fields: Object.fromEntries(Object.entries(options.fields).filter(([column]) => !hidden.includes(`${key}.${column}`))) } }
  }
  return { ...resource, fields: Object.fromEntries(Object.entries(resource.fields).map(([key, field]) => [key, cut(key, field)])) }
} // prettier-ignore
function without<T extends object>(value: T, keys: readonly (string | null)[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) as T
}
