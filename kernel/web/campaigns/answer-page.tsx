import { formatInstant, lineStates, type AskedAnswer } from '#model'
import { App, Button } from 'antd'
import { Link, useNavigate, useParams } from 'react-router'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { useResource } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { useAsked, useForgetCampaigns } from './hooks.ts'
import './campaigns.css'

/** What somebody is asked: why, until when; something or nothing, one tap each. */
export default function AnswerPage() {
  const { id = '' } = useParams()
  const { data, error, refetch } = useAsked(id)
  if (error || !data)
    return (
      <div className="x-page">
        <PageHead title="填报" />
        {error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton rows={6} />}
      </div>
    )
  const { label, tone } = lineStates[data.status]
  return (
    <div className="x-page">
      <PageHead title={data.title} tab="填报" hint={<Tag tone={tone}>{label}</Tag>} />
      <section className="x-card c-asked">
        {data.forUnit && <p>请代 {data.forUnit} 填报</p>}
        {data.words && <p className="c-words">{data.words}</p>}
        <dl className="c-facts">
          <dt>发起科室</dt>
          <dd>{data.unitName}</dd>
          <dt>截止</dt>
          <dd className={data.isLate && data.status === 'open' ? 'x-problem' : undefined}>
            {data.closedAt ? `已于 ${formatInstant(data.closedAt)} 截止` : formatInstant(data.due)}
            {!data.closedAt && data.isLate && '（已过截止时间）'}
          </dd>
          <dt>表单</dt>
          <dd>
            {data.formLabel}
            {data.several && '，可填多份'}
          </dd>
          {data.answeredAt && (
            <>
              <dt>填报</dt>
              <dd>
                {data.answeredBy} {formatInstant(data.answeredAt)}
              </dd>
            </>
          )}
        </dl>
        <Written asked={data} />
        {data.problem && data.status !== 'has' && <p className="x-problem" role="status">{data.problem}</p>}
        {data.problem && data.status === 'has' && <p className="x-faint" role="status">{data.problem}</p>}
      </section>
      <Answers asked={data} />
    </div>
  )
} // prettier-ignore

function Written({ asked }: { asked: AskedAnswer }) {
  // Where he may not read the form himself there is nothing to open.
  const mayRead = useResource(asked.form)?.may.read === true
  if (asked.written.length === 0) return null
  return (
    <ul className="x-briefs c-written" aria-label="已填报">
      {asked.written.map((one) => (
        <li key={one.id}>
          {mayRead ? <Link to={`/r/${asked.form}/${one.id}`}>{one.title}</Link> : one.title}
          <span className="x-faint">
            {one.by} {formatInstant(one.at)}
          </span>
        </li>
      ))}
    </ul>
  )
}
function Answers({ asked }: { asked: AskedAnswer }) {
  const { message, modal } = App.useApp()
  const forget = useForgetCampaigns()
  const navigate = useNavigate()
  const none = () =>
    modal.confirm({
      title: '确认报“无”？',
      content: asked.written.length
        ? `已填的 ${asked.written.length} 份将移入回收站。`
        : `表示您没有要在“${asked.formLabel}”中填报的内容。`,
      okText: '报“无”',
      onOk: () =>
        api.post(`/api/campaigns/lines/${asked.line}/none`).then(
          () => (void message.success('已报“无”'), forget()),
          (fault: unknown) => (void message.error(messageOf(fault)), forget()),
        ),
    })
  const mayNone = asked.noneProblem === null && asked.status !== 'none'
  // Of several each is opened from the list above.
  const [own] = asked.mayChange && asked.written.length === 1 ? asked.written : []
  if (asked.problem !== null && !mayNone && !own) return null
  const label = asked.status === 'has' ? '再填一份' : asked.status === 'none' ? '改为填报' : '有，去填报'
  return (
    <footer className="c-foot">
      {mayNone && (
        <Button size="large" onClick={() => void none()}>
          {asked.status === 'has' ? '改报“无”' : '无'}
        </Button>
      )}
      {own && (
        <Button size="large" onClick={() => void navigate(`/r/${asked.form}/${own.id}/edit`)}>
          修改已填的
        </Button>
      )}
      {asked.problem === null && (
        <Button size="large" type="primary" onClick={() => void navigate(`/r/${asked.form}/new?campaign=${asked.line}`)}>
          {label}
        </Button>
      )}
    </footer>
  )
}
