import { formatInstant, readFindingStates, reviewReadsRight, type AuditItem, type ReadVerdict } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import { forgetRecord, keys, useMe, useRecord } from '../../../api/hooks.ts'
import { messageOf } from '../../../api/problem.ts'
import { EntryList, EntryTable } from '../../../audit/entries.tsx'
import { definePanel } from '../../../pages.ts'
import { AskReason } from '../../../parts/ask-reason.tsx'
import { Failed, Notice, Skeleton } from '../../../parts/states.tsx'
import { useIsPhone } from '../../../shell/use-is-phone.ts'
import { Part } from '../../../security/own-page.tsx'
import '../../../security/security.css'
import '../../../audit/audit.css'

const resource = 'security.readFinding'
interface Facts {
  reason: string
  person: string
  status: keyof typeof readFindingStates
  reviewer: string | null
  review: string | null
  reviewedAt: string | null
}

/** A finding as an officer judges it: why it is one, the log's entries behind it, and what he says of it. */
function Review({ id }: { resource: string; id: string }) {
  const { rights, person } = useMe()
  const { data, error, refetch } = useRecord(resource, id)
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={4} />
  const facts = data.record as unknown as Facts
  const mayJudge = facts.status === 'open' && rights.includes(reviewReadsRight) && person?.id !== facts.person
  return (
    <div className="x-security">
      <Part title={readFindingStates[facts.status].label} hint={facts.reason} acts={mayJudge && <Judge id={id} />}>
        {facts.reviewedAt && facts.status !== 'open' && (
          <p>
            {data.titles['directory.person']?.[facts.reviewer ?? ''] ?? '—'}，{formatInstant(facts.reviewedAt)}：{facts.review}
          </p>
        )}
        {facts.status === 'open' && !mayJudge && <p className="x-muted">由另一位安全或审计管理员复核。</p>}
      </Part>
      {rights.includes(reviewReadsRight) && <Entries id={id} />}
    </div>
  )
}

function Entries({ id }: { id: string }) {
  const isPhone = useIsPhone()
  const { data, error, refetch } = useQuery({
    queryKey: ['audit', 'finding', id],
    queryFn: async ({ signal }) => (await api.get<{ rows: AuditItem[] }>(`/api/audit/findings/${id}/entries`, {}, signal)).rows,
    refetchOnWindowFocus: false,
  })
  return (
    <div className="x-card">
      {error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={5} />
      ) : data.length === 0 ? (
        <Notice kind="empty" title="这些日志已归档" text="内容请在审计归档中查看。" />
      ) : isPhone ? (
        <EntryList rows={data} />
      ) : (
        <EntryTable rows={data} />
      )}
    </div>
  )
}

const asks = {
  explained: { title: '确认正常', placeholder: '如：会诊需要，已与科主任核实' },
  escalated: { title: '移交处理', placeholder: '如：说不出理由，移交纪检监察' },
} as const
function Judge({ id }: { id: string }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const [asked, setAsked] = useState<ReadVerdict | null>(null)
  async function judge(verdict: ReadVerdict, review: string) {
    setAsked(null)
    try {
      await api.post(`/api/audit/findings/${id}/review`, { verdict, review })
      void message.success('已复核')
    } catch (error) {
      void message.error(messageOf(error))
    }
    forgetRecord(client, resource, id)
    void client.invalidateQueries({ queryKey: keys.counts })
  }
  return (
    <>
      <Button type="primary" onClick={() => setAsked('explained')}>
        {asks.explained.title}
      </Button>
      <Button danger onClick={() => setAsked('escalated')}>
        {asks.escalated.title}
      </Button>
      {asked && (
        <AskReason
          {...asks[asked]}
          isDanger={asked === 'escalated'}
          onClose={() => setAsked(null)}
          onGive={(reason) => void judge(asked, reason)}
        />
      )}
    </>
  )
}
export default definePanel({ label: '复核', component: Review })
