import {
  messageChannelNames,
  messageChannels,
  withheldWords,
  type FieldProblem,
  type ReminderPreview,
  type ReminderPreviewRow,
  type Withheld,
} from '#model'
import { Link } from 'react-router'
import { Failed, Notice, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'

interface Props {
  preview: ReminderPreview | null
  problems: readonly FieldProblem[]
  error: unknown
  isAsking: boolean
  isOn: boolean
}
/** 试看: who would be told, by the very code that tells; nothing is sent. */
export function Preview({ preview, problems, error, isAsking, isOn }: Props) {
  return (
    <section className="x-card r-preview" aria-label="试看" aria-busy={isAsking}>
      <header>
        试看：{preview?.isToday === false ? '下一次会提醒谁' : '今天会提醒谁'}
        <span className="x-space" />
        <small className="x-faint">{isAsking ? '正在计算…' : '不会发出'}</small>
      </header>
      {error ? (
        <Failed error={error} />
      ) : problems.length > 0 ? (
        <Notice kind="fault" title="改好以后才能试看" text={problems[0]!.message} />
      ) : !preview ? (
        <Skeleton rows={6} />
      ) : preview.obstacle ? (
        <Notice kind="noRight" title={preview.obstacle} text="提醒照常按接收人的权限执行；请有权限的同事试看。" />
      ) : (
        <>
          <p className="r-total" role="status">
            {whenWords(preview, isOn)}提醒 <b>{preview.people}</b> 人，<b>{preview.messages}</b> 条
            {preview.isPartial && <span className="x-faint">（您只能看到部分记录，只计这些；实际按接收人的权限提醒）</span>}
            {preview.bound !== null && <span className="x-faint">（只看了前 {preview.bound.toLocaleString()} 项，实际更多）</span>}
          </p>
          <Facts preview={preview} />
          <Rows rows={preview.rows} preview={preview} />
        </>
      )}
    </section>
  )
}
/** 打开后今天 08:00 将 */
export function whenWords({ isNow, isToday, day, at }: ReminderPreview, isOn: boolean): string {
  const first = isOn ? '' : '打开后'
  return isNow ? `${first}随即` : `${first}${isToday ? '今天' : day} ${at} 将`
}
function Facts({ preview }: { preview: ReminderPreview }) {
  const { records, told, withheld, ways, quiet, people } = preview
  const out = messageChannelNames.filter((name) => ways[name] > 0).map((name) => `${messageChannels[name]} ${ways[name]}`)
  return (
    <dl className="r-facts">
      <dt>到期或符合条件</dt>
      <dd>{records} 项</dd>
      <dt>送达</dt>
      <dd>
        {[`页面 ${people}`, ...out].join('，')}
        {quiet > 0 && `；${quiet} 人在个人免打扰时段，过后再外发`}
      </dd>
      {told > 0 && (
        <>
          <dt>已经提醒过</dt>
          <dd>{told} 人次，不再重复</dd>
        </>
      )}
      {(Object.keys(withheld) as Withheld[]).map((why) => (
        <div key={why}>
          <dt>{withheldWords[why]}</dt>
          <dd>
            {withheld[why]} {why === 'nobody' ? '项' : '人次'}，不提醒
          </dd>
        </div>
      ))}
    </dl>
  )
}
function Rows({ rows, preview }: { rows: readonly ReminderPreviewRow[]; preview: ReminderPreview }) {
  if (rows.length === 0)
    return <Notice kind="empty" title="没有要提醒的" text={preview.records === 0 ? '没有到期或符合条件的记录。' : '该提醒的都已提醒过。'} />
  const all = preview.messages + preview.told + Object.values(preview.withheld).reduce((a, b) => a + b, 0)
  return (
    <>
      <ul className="r-rows">
        {rows.map((row, at) => (
          <li key={at} className={row.verdict === 'tell' ? '' : 'off'}>
            <b>{row.person}</b>
            <span>
              {row.title === null ? (
                <span className="x-faint">您无权查看这条记录</span>
              ) : row.link ? (
                <Link to={row.link} target="_blank">
                  {row.title}
                </Link>
              ) : (
                row.title
              )}
              {row.text && <small>{row.text}</small>}
            </span>
            {row.verdict === 'tell' ? (
              row.stage > 0 && <Tag tone="warn">{`升级 ${row.stage}`}</Tag>
            ) : (
              <Tag tone="neutral">{row.verdict === 'told' ? '已提醒过' : withheldWords[row.verdict]}</Tag>
            )}
          </li>
        ))}
      </ul>
      {all > rows.length && <p className="x-faint x-small r-more">只列出前 {rows.length} 条</p>}
    </>
  )
}
