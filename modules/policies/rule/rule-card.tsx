import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { formatInstant } from '#model'
import { api } from '#kernel/web/api/client.ts'
import { useMe } from '#kernel/web/api/hooks.ts'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { useIsPhone } from '#kernel/web/shell/use-is-phone.ts'
import { CertaintyTag, Touched, Versions } from './rule-parts.tsx'
import type { CardView, RuleAnswer, ValueView } from './rule.rules.ts'
import { SignDialog } from './sign-dialog.tsx'
import { TightenDrawer } from './tighten-drawer.tsx'

/** One rule: its layers side by side with the one that binds, its versions, what it touches. */
export function RuleCardPage({ ruleKey }: { ruleKey: string }) {
  const { today } = useMe()
  const isPhone = useIsPhone()
  const [search, setSearch] = useSearchParams()
  const [isTightening, setTightening] = useState(false)
  const [signing, setSigning] = useState<CardView | null>(null)
  const unit = search.get('unit')
  const day = search.get('day') ?? today
  const put = (key: string, value: string | null) =>
    setSearch((before) => {
      if (value) before.set(key, value)
      else before.delete(key)
      return before
    })
  const query = useQuery({
    queryKey: ['rules', 'card', ruleKey, unit, day],
    queryFn: ({ signal }) => api.get<RuleAnswer>(`/api/rules/${ruleKey}`, { unit, day }, signal),
    placeholderData: keepPreviousData,
  })
  const r = query.data
  const choose = (
    <>
      <div className="pr-unit">
        <UnitPicker value={unit} onChange={(id) => put('unit', id)} placeholder="全院" />
      </div>
      <DatePicker
        value={dayjs(day)}
        allowClear={false}
        aria-label="按哪一天"
        onChange={(d) => put('day', d?.format('YYYY-MM-DD') === today ? null : (d?.format('YYYY-MM-DD') ?? null))}
      />
    </>
  )
  const tighten = r && r.may.write.length > 0 && r.values.length > 0 && (
    <Button key="tighten" type="primary" onClick={() => setTightening(true)}>
      收紧
    </Button>
  )
  return (
    <div className="x-page pr-page">
      <PageHead title={r?.label ?? '规则卡'} hint={r && `${r.unit?.name ?? '全院'} · ${r.day}`} acts={!isPhone && [choose, tighten]} />
      {isPhone && <div className="x-row pr-choose">{choose}</div>}
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !r ? (
        <Skeleton rows={8} />
      ) : (
        <>
          {r.columns.filter((c) => c.waits).map((c) => (
            <WaitsNotice key={c.card.id} view={c} maySign={r.may.sign} onSign={() => setSigning(c)} />
          ))}
          {r.columns.length > 0 && (isPhone ? <LayerCards answer={r} /> : <LayerTable answer={r} />)}
          <div className="pr-below">
            <section className="x-card pr-card">
              <h2>这条规则触及</h2>
              <Touched uses={r.uses} />
            </section>
            <section className="x-card pr-card">
              <h2>版本</h2>
              <Versions versions={r.versions} />
            </section>
          </div>
          {isPhone && tighten && <footer className="x-acts">{tighten}</footer>}
          {isTightening && <TightenDrawer answer={r} onUnit={(id) => put('unit', id)} onClose={() => setTightening(false)} />}
          {signing && <SignDialog view={signing} onClose={() => setSigning(null)} />}
        </>
      )}
    </div>
  ) // prettier-ignore
}

function WaitsNotice({ view, maySign, onSign }: { view: CardView; maySign: boolean; onSign: () => void }) {
  return (
    <p className="pr-waits" role="status">
      <b>{view.layerName}规则未经核对，现在不生效</b>
      <span>{maySign ? '请核对原文后签署，签署即生效。' : '须由医务管理部门或院领导核对原文后签署。'}</span>
      {maySign && (
        <Button size="small" onClick={onSign}>
          核对并签署
        </Button>
      )}
    </p>
  )
}

/** Values down, layers across; the binding one is marked in word and colour. */
function LayerTable({ answer: r }: { answer: RuleAnswer }) {
  return (
    <div className="pr-scroll" tabIndex={0} role="region" aria-label="各层规定">
      <table className="pr-layers">
        <thead>
          <tr>
            <th scope="col">事项</th>
            {r.columns.map((c) => (
              <th key={c.card.id} scope="col">
                <LayerHead view={c} />
              </th>
            ))}
            <th scope="col">现在开始，到期</th>
          </tr>
        </thead>
        <tbody>
          {linesOf(r).map((line) => (
            <tr key={line.name}>
              <th scope="row">{line.label}</th>
              {r.columns.map((c) => (
                <td key={c.card.id}>
                  <Said line={line} card={c.card.id} />
                </td>
              ))}
              <td>{line.value && <DueCell value={line.value} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
function LayerCards({ answer: r }: { answer: RuleAnswer }) {
  return (
    <>
      <section className="x-card pr-card">
        <h2>现行规定</h2>
        <ul className="pr-now">
          {linesOf(r).map((line) => (
            <li key={line.name}>
              <p>{line.label}</p>
              {r.columns.map((c) =>
                line.said.has(c.card.id) ? (
                  <p key={c.card.id} className="x-row">
                    <span className="x-muted">{c.layerName}</span>
                    <Said line={line} card={c.card.id} />
                  </p>
                ) : null,
              )}
              {line.value?.due && (
                <p className="x-row">
                  <span className="x-muted">现在开始，到期</span>
                  <DueCell value={line.value} />
                </p>
              )}
            </li>
          ))}
        </ul>
      </section>
      {r.columns.map((c) => (
        <section key={c.card.id} className="x-card pr-card">
          <LayerHead view={c} />
        </section>
      ))}
    </>
  )
}
function LayerHead({ view }: { view: CardView }) {
  const { card } = view
  return (
    <div className="pr-head">
      <p className="x-row">
        <b>{view.layerName}</b>
        <CertaintyTag view={view} />
      </p>
      <p className="x-small">{view.basis}</p>
      <p className="x-small x-muted">
        {[`${card.from} 起${card.to ? `，至 ${card.to}` : ''}`, checkedText(view)].filter(Boolean).join(' · ')}
      </p>
      {card.note && <p className="x-small x-muted">{card.note}</p>}
    </div>
  )
}

function checkedText({ card, checkedByName, signature }: CardView): string {
  if (checkedByName) return `${checkedByName} ${card.checkedOn ?? ''} 核对`
  return !signature && (card.layer === 'nation' || card.layer === 'province') ? '本院未核对原文' : ''
}

interface Line {
  name: string
  label: string
  value: ValueView | null
  said: Map<string, { text: string; isBinding: boolean; isOverruled: boolean }>
}
/** The values that bind, and those of cards that still wait. */
function linesOf(r: RuleAnswer): Line[] {
  const lines = new Map<string, Line>()
  for (const value of r.values)
    lines.set(value.name, { name: value.name, label: value.label, value, said: new Map(value.said.map((s) => [s.card, s])) })
  for (const { card, waits, texts } of r.columns)
    if (waits)
      for (const [name, { label }] of Object.entries(card.values)) {
        const line = lines.get(name) ?? { name, label, value: null, said: new Map() }
        line.said.set(card.id, { text: texts[name] ?? '', isBinding: false, isOverruled: false })
        lines.set(name, line)
      }
  return [...lines.values()]
}
function Said({ line, card }: { line: Line; card: string }) {
  const said = line.said.get(card)
  if (!said) return <span className="x-faint">—</span>
  return (
    <span className={said.isBinding ? 'pr-binds' : said.isOverruled ? 'pr-overruled' : ''}>
      {said.text}
      {said.isBinding && (
        <Tag tone="good" icon>
          约束
        </Tag>
      )}
      {said.isOverruled && <Tag tone="warn">已被上级收紧</Tag>}
    </span>
  )
}
function DueCell({ value }: { value: ValueView }) {
  if (!value.due) return <span className="x-faint">—</span>
  return (
    <span className="pr-due">
      {formatInstant(value.due.at).slice(5)}
      {value.due.provisional && <Tag tone="warn">暂定</Tag>}
      {value.lawDue && <small className="x-muted">法定 {formatInstant(value.lawDue.at).slice(5)}</small>}
    </span>
  )
}
