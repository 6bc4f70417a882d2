import { CheckOutlined, CloseOutlined, ExclamationOutlined, MinusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { PersonPicker, RecordPicker } from '#kernel/web/fields/record-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { Avatar } from '#kernel/web/parts/avatar.tsx'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { levelLabel, roleLabels, type CheckRole, type Level } from '../check/codes.rules.ts'
import type { PrivilegeAnswer } from '../check/facts.rules.ts'
import './why.css'

interface Why extends PrivilegeAnswer {
  practitioner: { id: string; name: string; staffNumber: string | null; title: string | null; unitName: string }
  procedure: { id: string; name: string; code: string; level: Level | null; restricted: boolean }
  campus: { name: string } | null
  day: string
  word: string
  seniors: { id: string; name: string; title: string | null }[]
  others: { id: string; name: string; title: string | null; unitName: string; sameUnit: boolean; until: string | null }[]
}
const marks = { allowed: CheckOutlined, allowedUnderSupervision: ExclamationOutlined, denied: CloseOutlined } as const

/** 能不能做 / 为什么: name and procedure, the large answer, one sentence, the chain, the act that cures it. The address holds the question. */
function WhyPage() {
  const { person, rights, today } = useMe()
  const [search, setSearch] = useSearchParams()
  const mayAskOthers = rights.includes('privileges.matrix')
  const practitioner = search.get('practitioner') ?? person?.id ?? null
  const procedure = search.get('procedure')
  const [role, setRole] = useState<CheckRole>((search.get('role') as CheckRole | null) ?? 'operator')
  const [day, setDay] = useState(search.get('day') ?? today)
  const put = (key: string, value: string | null) =>
    setSearch(
      (before) => {
        if (value) before.set(key, value)
        else before.delete(key)
        return before
      },
      { replace: true },
    )
  const query = useQuery({
    queryKey: ['privileges', 'why', practitioner, procedure, role, day],
    queryFn: ({ signal }) => api.get<Why>('/api/privileges/why', { practitioner, procedure, role, day }, signal),
    enabled: practitioner !== null && procedure !== null,
  })
  return (
    <div className="x-page w-page">
      <PageHead title="能不能做" />
      <section className="x-card w-ask">
        {mayAskOthers && (
          <PersonPicker value={practitioner} isClearable={false} onChange={(id) => put('practitioner', id)} placeholder="谁" />
        )}
        <RecordPicker
          target="privileges.procedure"
          value={procedure}
          onChange={(id) => put('procedure', id)}
          placeholder="哪项手术：名称、别名、首字母或编码"
        />
        <div className="w-more">
          <Segmented
            value={role}
            options={Object.entries(roleLabels).map(([value, label]) => ({ value: value as CheckRole, label }))}
            onChange={setRole}
          />
          <DatePicker
            value={dayjs(day)}
            allowClear={false}
            aria-label="哪一天"
            onChange={(d) => setDay(d?.format('YYYY-MM-DD') ?? today)}
          />
        </div>
      </section>
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data ? (
        <Answer why={query.data} />
      ) : query.isFetching ? (
        <Skeleton rows={6} />
      ) : (
        <Notice kind="empty" title="选择手术" text="选好后立即给出答复，与手麻系统得到的答复相同。" />
      )}
    </div>
  )
}

function Answer({ why }: { why: Why }) {
  const navigate = useNavigate()
  const Mark = marks[why.result]
  return (
    <>
      <section className="x-card w-who">
        <Avatar name={why.practitioner.name} />
        <div>
          <p>
            <b>{why.practitioner.name}</b> {why.practitioner.unitName} · {why.practitioner.title ?? '职称未登记'}
          </p>
          <p className="x-faint">
            {why.procedure.name} {why.procedure.code}
            {why.procedure.level && ` · 院内${levelLabel[why.procedure.level]}`} {why.procedure.restricted && <Tag tone="bad">限制类</Tag>}
          </p>
        </div>
      </section>
      <section className={`x-card w-answer ${why.result}`} role="status">
        <p className="w-word">
          <Mark aria-hidden /> {why.word}
        </p>
        <p className="w-sentence">{why.sentence}</p>
        {why.seniors.length > 0 && <p>可在场的上级：{why.seniors.map((s) => `${s.name}${s.title ? `（${s.title}）` : ''}`).join('、')}</p>}
      </section>
      <section className="x-card w-chain">
        <h2>为什么</h2>
        <ul>
          {why.chain.map((link) => (
            <li key={link.code} className={link.ok === null ? 'note' : link.ok ? 'ok' : 'bad'}>
              {link.ok === null ? (
                <MinusOutlined aria-label="说明" />
              ) : link.ok ? (
                <CheckOutlined aria-label="满足" />
              ) : (
                <CloseOutlined aria-label="不满足" />
              )}
              <div>
                <b>{link.title}</b>
                <p>{link.text}</p>
                {link.record && link.resource && <Link to={`/r/${link.resource}/${link.record}`}>查看依据</Link>}
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section className="x-card w-chain">
        <h2>当日还有谁可以独立做</h2>
        {why.others.length === 0 ? (
          <p className="w-only">没有别人：{why.result === 'allowed' ? '只有他一人可做' : '全院当日无人可独立做'}</p>
        ) : null}
        <ul>
          {why.others.map((o) => (
            <li key={o.id}>
              <span>
                {o.name} <small>{[o.unitName, o.title].filter(Boolean).join(' · ')}</small>
              </span>
              {o.sameUnit && <Tag tone="info">同科</Tag>}
              {o.until && <small>至 {o.until}</small>}
            </li>
          ))}
        </ul>
      </section>
      {why.cure?.link && (
        <footer className="x-acts">
          <Button type="primary" onClick={() => void navigate(why.cure!.link!)}>
            {why.cure.label}
          </Button>
        </footer>
      )}
    </>
  )
}

export default definePage({ title: '能不能做', path: '/privileges/why', component: WhyPage })
