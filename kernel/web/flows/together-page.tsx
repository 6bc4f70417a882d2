import { isProtected, type FieldProblem } from '#model'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, newId } from '../api/client.ts'
import { keys } from '../api/hooks.ts'
import { ApiError, messageOf } from '../api/problem.ts'
import { carried, nothingSaid } from '../approvals/said.ts'
import { SubmitRemark } from '../approvals/submit-remark.tsx'
import { useSending } from '../approvals/use-sending.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { CellOf } from '../fields/index.ts'
import { TitlesProvider } from '../fields/titles.tsx'
import { ago } from '../parts/ago.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { titlesOfBundle, useBundle, type Bundle, type BundleEntry } from './bundle.ts'
import './flows.css'

/** 一起提交: requests that belong together, submitted as one: all of them or none, and one may point at another. */
export default function TogetherPage() {
  const bundle = useBundle()
  return (
    <div className="x-page">
      <PageHead title="一起提交" />
      {bundle.error ? (
        <Failed error={bundle.error} retry={bundle.refetch} />
      ) : bundle.isPending ? (
        <Skeleton rows={5} />
      ) : bundle.entries.length === 0 ? (
        <Notice
          kind="empty"
          title="还没有放在一起的申请"
          text="填写申请时选“与其他申请一起提交”，填好的申请就会放到这里；几份申请可以互相引用。"
        />
      ) : (
        <TitlesProvider titles={titlesOfBundle(bundle.entries)}>
          <Entries bundle={bundle} />
        </TitlesProvider>
      )}
    </div>
  )
}

function Entries({ bundle: { entries, keep } }: { bundle: Bundle }) {
  const catalog = useCatalog()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const { sent, asking } = useSending(`${entries.length} 份申请`)
  const [said, setSaid] = useState(nothingSaid)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [isSending, setSending] = useState(false)
  const actId = useRef(newId())
  async function submit() {
    setSending(true)
    setProblems([])
    const records = entries.map(({ id, resource, draft, chosen }) => ({ id, resource, draft, ...(chosen ? { chosen } : {}) }))
    try {
      await sent((further) => api.post('/api/flows/submit-together', { actId: actId.current, records, ...carried(said), ...further }))
      await keep([])
      for (const queryKey of [keys.tasks, keys.counts, ['records'], ['start']]) void client.invalidateQueries({ queryKey })
      void message.success(`${entries.length} 份已一起提交`)
      void navigate('/tasks?view=mine')
    } catch (error) {
      // Answered means not done: what is mended next is another act.
      if (error instanceof ApiError && error.status < 500) actId.current = newId()
      if (error instanceof ApiError) setProblems(error.fieldProblems)
      void message.error(messageOf(error))
    }
    setSending(false)
  }
  const drop = (id: string) => keep(entries.filter((one) => one.id !== id)).catch((error: unknown) => void message.error(messageOf(error)))
  return (
    <>
      <ul className="x-card x-prepared">
        {entries.map((entry, at) => (
          <li key={entry.id}>
            <Entry entry={entry} problems={problemsAt(problems, at, (key) => catalog.resource(entry.resource)?.fields[key]?.label)} />
            <span className="x-prepared-acts">
              <Link to={`/r/${entry.resource}/new?together=${entry.id}`}>修改</Link>
              <Button type="text" size="small" aria-label={`移出：${entry.title}`} onClick={() => void drop(entry.id)}>
                移出
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <section className="x-card x-together-say">
        <SubmitRemark label="附言（各份相同）" value={said} onChange={setSaid} />
        <p className="x-faint">
          各份申请各走各的审批，或者全部提交，或者都不提交；被引用的一份未通过时，引用它的申请会退回给您。
          <Link to="/start">再填一份</Link>
        </p>
      </section>
      <footer className="x-acts">
        <Button type="primary" loading={isSending} onClick={() => void submit()}>
          一起提交 {entries.length} 份
        </Button>
      </footer>
      {asking}
    </>
  )
}
/** What the server said of this entry; each with the field's name. */
function problemsAt(problems: readonly FieldProblem[], at: number, labelOf: (key: string) => string | undefined): string[] {
  const head = `records.${at}.`
  const mine = problems.filter(({ field }) => field.startsWith(head))
  return mine.map(({ field, message }) => [labelOf(field.slice(head.length).split('.')[0]!), message].filter(Boolean).join('：'))
}

const shownKinds: ReadonlySet<string> = new Set(['text', 'choice', 'choices', 'date', 'dateTime', 'integer', 'decimal', 'boolean', 'person', 'unit', 'reference']) // prettier-ignore
function Entry({ entry, problems }: { entry: BundleEntry; problems: readonly string[] }) {
  const resource = useCatalog().resource(entry.resource)
  const facts = Object.entries(resource?.fields ?? {}).filter(
    ([key, field]) => key !== resource?.title && shownKinds.has(field.kind) && !isProtected(field) && entry.draft[key] != null,
  )
  return (
    <span className="x-prepared-text">
      <b>{entry.title}</b>
      <span className="x-together-facts">
        {facts.slice(0, 4).map(([key, field]) => (
          <span key={key}>
            <small>{field.label}</small> <CellOf field={field} value={entry.draft[key]} />
          </span>
        ))}
      </span>
      <small>
        {resource?.label ?? entry.resource} · {ago(entry.at)}填好
      </small>
      {problems.map((problem) => (
        <span key={problem} className="x-problem" role="alert">
          {problem}
        </span>
      ))}
    </span>
  )
}
