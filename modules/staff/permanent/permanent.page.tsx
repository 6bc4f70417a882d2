import { choiceLabel, type ApiRecord, type Choices, type ListAnswer } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { forgetRecord, listQuery, useMe } from '#kernel/web/api/hooks.ts'
import { ApiError, messageOf, problemsOf, type Problems } from '#kernel/web/api/problem.ts'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { lineProblems, type PermanentAnswer, type PermanentLine } from './permanent.rules.ts'
import './permanent.css'

const resource = 'organisation.temporary'

/** 转正: a line for each temporary person who was chosen; all of them become permanent, or nobody. */
function PermanentPage() {
  const [search] = useSearchParams()
  const ids = (search.get('ids') ?? '').split(',').filter(Boolean)
  const query = useQuery({
    queryKey: ['staff', 'permanent', ...ids],
    queryFn: ({ signal }) => api.get<ListAnswer>(`/api/records/${resource}`, listQuery({ filter: { field: 'id', op: 'in', value: ids }, limit: 200 }), signal),
    enabled: ids.length > 0,
    // Lines being filled in are never replaced under their writer.
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <div className="x-page">
      <PageHead title="临时人员转正" hint={query.data && `${query.data.rows.length} 人`} />
      {ids.length === 0 || query.data?.rows.length === 0 ? (
        <Notice kind="empty" title="没有选择人员" text="请在“临时人员”里选中要转正的人，再点“转正”。" />
      ) : query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton rows={4} />
      ) : (
        <Lines people={query.data.rows} />
      )}
    </div>
  )
} // prettier-ignore

const useChoicesOf = (name: string, key: string): Choices =>
  (useResource(name)?.fields[key]?.options as { choices?: Choices } | undefined)?.choices ?? {}
const caring = new Set(['caregiver', 'other'])
function Lines({ people }: { people: readonly ApiRecord[] }) {
  const { today } = useMe()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const categories = useChoicesOf('staff.practitioner', 'category')
  const kinds = useChoicesOf(resource, 'temporaryKind')
  const [lines, setLines] = useState<PermanentLine[]>(() =>
    people.map((one) => ({ person: one.id, number: '', unit: (one['unit'] as string | null) ?? null, from: today, category: caring.has(String(one['temporaryKind'])) ? 'other' : 'doctor' })),
  )
  const [problems, setProblems] = useState<Problems>({})
  const [isSending, setSending] = useState(false)
  const put = (n: number, change: Partial<PermanentLine>) => {
    setLines(lines.map((line, at) => (at === n ? { ...line, ...change } : line)))
    setProblems({})
  }
  async function send() {
    const wrong = lineProblems(lines.map((line) => ({ ...line, number: line.number.trim() })))
    if (wrong.length) return setProblems(Object.fromEntries(wrong.map(({ field, message: text }) => [field, text])))
    setSending(true)
    try {
      const { made } = await api.post<PermanentAnswer>('/api/staff/permanent', { lines })
      void message.success(`${made} 人已转正`)
      for (const name of [resource, 'directory.person', 'staff.practitioner']) forgetRecord(client, name)
      void navigate(`/r/${resource}?view=permanent`)
    } catch (error) {
      if (error instanceof ApiError) setProblems(problemsOf(error.problem))
      void message.error(error instanceof ApiError && error.fieldProblems.length ? '有几行需要修改，全部没有办理' : messageOf(error))
    }
    setSending(false)
  }
  const nameOf = new Map(people.map((one) => [one.id, one]))
  return (
    <>
      <section className="x-card" aria-label="转正的人员">
        {lines.map((line, n) => {
          const said = (field: string) => problems[`lines.${n}.${field}`]
          const Said = ({ field }: { field: string }) => (said(field) ? <span className="x-problem" role="alert">{said(field)}</span> : null)
          const who = nameOf.get(line.person)!
          const name = String(who['name'])
          return (
            <div key={line.person} className="sp-line" role="group" aria-label={name}>
              <div>
                <b>{name}</b>
                <small className="x-faint">
                  第 {n + 1} 行 · {choiceLabel(kinds, String(who['temporaryKind']))}
                </small>
                <Said field="person" />
              </div>
              <label>
                HIS 工号
                <Input aria-label={`${name}的HIS工号`} value={line.number} maxLength={30} placeholder="如 00123" status={said('number') ? 'error' : ''} onChange={(event) => put(n, { number: event.target.value })} />
                <Said field="number" />
              </label>
              <label>
                科室
                <UnitPicker value={line.unit} isInvalid={!!said('unit')} onChange={(unit) => put(n, { unit })} />
                <Said field="unit" />
              </label>
              <label>
                转正日期
                <DatePicker aria-label={`${name}的转正日期`} value={line.from ? dayjs(line.from) : null} status={said('from') ? 'error' : ''} onChange={(day) => put(n, { from: day?.format('YYYY-MM-DD') ?? '' })} />
                <Said field="from" />
              </label>
              <label>
                人员类别
                <Select aria-label={`${name}的人员类别`} value={line.category} options={Object.keys(categories).map((value) => ({ value, label: choiceLabel(categories, value) }))} status={said('category') ? 'error' : ''} onChange={(category: string) => put(n, { category })} />
                <Said field="category" />
              </label>
              {lines.length > 1 && (
                <Button type="text" onClick={() => setLines(lines.filter((_, at) => at !== n))}>
                  移出
                </Button>
              )}
            </div>
          )
        })}
      </section>
      <p className="x-why">转正后绑定 HIS 工号，从转正日期起成为本院在岗人员，并进入医务人员档案；任何一行有问题，全部不办理。</p>
      <footer className="x-acts">
        <Button onClick={() => void navigate(-1)}>返回</Button>
        <Button type="primary" loading={isSending} onClick={() => void send()}>
          转正 {lines.length} 人
        </Button>
      </footer>
    </>
  )
} // prettier-ignore

export default definePage({ title: '临时人员转正', path: '/staff/permanent', component: PermanentPage })
