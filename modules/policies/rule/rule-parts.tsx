import { type Certainty, certainties, type Layer, useKinds } from '#kernel/model/rules/index.ts'
import { Link } from 'react-router'
import { Tag, type Tone } from '#kernel/web/parts/tag.tsx'
import type { CardView, RuleAnswer } from './rule.rules.ts'

export const layerTones: Record<Layer, Tone> = { nation: 'neutral', province: 'neutral', hospital: 'info', department: 'good' }
export const certaintyTones: Record<Certainty, Tone> = { A: 'neutral', B: 'neutral', C: 'warn' }

export function CertaintyTag({ view }: { view: CardView }) {
  const { certainty } = view.card
  if (view.waits) return <Tag tone="warn">C 建议 · 待签署</Tag>
  return (
    <Tag tone={certainty === 'C' ? 'good' : 'neutral'} icon={certainty === 'C'}>
      {view.signature ? `${view.signature.by} ${view.signature.on} 签署` : certainties[certainty]}
    </Tag>
  )
}

/** 触及: what reads this rule and follows when it changes. */
export function Touched({ uses, values }: { uses: RuleAnswer['uses']; values?: readonly string[] }) {
  const shown = values ? uses.filter((use) => values.includes(use.rule.split('.')[1] ?? '')) : uses
  if (shown.length === 0)
    return <p className="x-muted">{uses.length ? '改动的事项没有流程或计时引用。' : '目前没有流程、计时、提醒或准入条件引用这条规则。'}</p>
  return (
    <ul className="pr-touched">
      {shown.map((use) => (
        <li key={use.by + use.rule}>
          <Tag>{useKinds[use.kind]}</Tag>
          {use.link ? <Link to={use.link}>{use.label}</Link> : <span>{use.label}</span>}
          <span className="x-small x-muted">{use.asOf === 'decision' ? '按决定当日的规则' : '按开始当日的规则，进行中的不变'}</span>
        </li>
      ))}
    </ul>
  )
}

const changeTones = { stricter: 'good', looser: 'bad', other: 'neutral' } as const
/** 版本: each with its basis and what it changed, in words. */
export function Versions({ versions }: { versions: readonly CardView[] }) {
  return (
    <ol className="pr-versions">
      {versions.map((v) => (
        <li key={v.card.id}>
          <p className="x-row">
            <b>{v.card.from}</b>
            <span>{v.layerName}</span>
            {v.stands && (
              <Tag tone="good" icon>
                现行
              </Tag>
            )}
            {v.waits && <Tag tone="warn">待签署</Tag>}
            {v.card.to && <span className="x-muted">至 {v.card.to}</span>}
          </p>
          <p className="x-small x-muted">{v.basis}</p>
          {v.changes?.map((change) => (
            <p key={change.what} className={`pr-change ${changeTones[change.tone]}`}>
              {change.what}
            </p>
          ))}
          {v.changes === null && <p className="x-small x-faint">首版</p>}
        </li>
      ))}
    </ol>
  )
}
