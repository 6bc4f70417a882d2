import { useQuery } from '@tanstack/react-query'
import { Input, Segmented } from 'antd'
import { Link, useSearchParams } from 'react-router'
import { certainties, layers } from '#kernel/model/rules/index.ts'
import { api } from '#kernel/web/api/client.ts'
import { UnitPicker } from '#kernel/web/fields/unit-picker.tsx'
import { definePage } from '#kernel/web/pages.ts'
import { PageHead } from '#kernel/web/parts/page-head.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { Tag } from '#kernel/web/parts/tag.tsx'
import { usePage } from '#kernel/web/shell/page-context.tsx'
import { RuleCardPage } from './rule-card.tsx'
import { certaintyTones, layerTones } from './rule-parts.tsx'
import type { RuleLine, RuleList } from './rule.rules.ts'
import './rule.css'

const shown = {
  all: { label: '全部', fits: (): boolean => true },
  own: { label: '本院已收紧', fits: (r: RuleLine) => r.values.some((v) => v.layer === 'hospital' || v.layer === 'department') },
  waits: { label: '待签署', fits: (r: RuleLine) => r.unsigned > 0 },
} as const
type Shown = keyof typeof shown

/** 规则卡: every limit with its basis and the layer that binds it; `/policies/rule/consultation` opens one. */
function RulePage() {
  const { rest } = usePage()
  return rest ? <RuleCardPage ruleKey={rest} /> : <Rules />
}

function Rules() {
  const [search, setSearch] = useSearchParams()
  const unit = search.get('unit')
  const words = search.get('q') ?? ''
  const which = (search.get('show') ?? 'all') as Shown
  const put = (key: string, value: string | null) =>
    setSearch(
      (before) => {
        if (value) before.set(key, value)
        else before.delete(key)
        return before
      },
      { replace: true },
    )
  const query = useQuery({ queryKey: ['rules', unit], queryFn: ({ signal }) => api.get<RuleList>('/api/rules', { unit }, signal) })
  const all = query.data?.rules ?? []
  const lines = all.filter(
    (r) => shown[which].fits(r) && `${r.label}${r.basis}${r.values.map((v) => v.text).join()}`.includes(words.trim()),
  )
  return (
    <div className="x-page pr-page">
      <PageHead title="规则卡" hint={query.data && `${all.length} 条 · ${query.data.unit?.name ?? '全院'} · ${query.data.day}`} />
      <div className="pr-tools">
        <Input.Search
          allowClear
          placeholder="名称、依据或内容"
          aria-label="查找规则"
          defaultValue={words}
          onChange={(event) => put('q', event.target.value || null)}
        />
        <Segmented
          value={which}
          options={Object.entries(shown).map(([value, { label, fits }]) => ({ value: value as Shown, label: `${label} ${all.filter(fits).length}` }))}
          onChange={(value) => put('show', value === 'all' ? null : value)}
        />
        <span className="x-space" />
        <div className="pr-unit">
          <UnitPicker value={unit} onChange={(id) => put('unit', id)} placeholder="全院" />
        </div>
      </div>
      {query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Skeleton rows={12} />
      ) : lines.length === 0 ? (
        <Notice kind="empty" title="没有符合的规则" text="换一个说法，或看全部。" act={{ label: '看全部', run: () => setSearch(unit ? { unit } : {}) }} />
      ) : (
        <RuleTable lines={lines} unit={unit} />
      )}
    </div>
  ) // prettier-ignore
}

function RuleTable({ lines, unit }: { lines: RuleLine[]; unit: string | null }) {
  return (
    <table className="pr-list">
      <thead>
        <tr>
          <th scope="col">规则</th>
          <th scope="col">现行规定</th>
          <th scope="col">依据</th>
          <th scope="col">确定程度</th>
          <th scope="col">引用</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((r) => (
          <tr key={r.key}>
            <th scope="row">
              <Link to={`/policies/rule/${r.key}${unit ? `?unit=${unit}` : ''}`}>{r.label}</Link>
            </th>
            <td>
              <ul>
                {r.values.map((v) => (
                  <li key={v.name}>
                    {v.text}
                    {v.layer !== 'nation' && (
                      <Tag tone={layerTones[v.layer]} icon={false}>
                        {layers[v.layer]}
                      </Tag>
                    )}
                  </li>
                ))}
                {r.values.length === 0 && <li className="x-faint">未生效</li>}
              </ul>
            </td>
            <td className="pr-basis">{r.basis}</td>
            <td>
              <Tag tone={r.unsigned ? 'warn' : certaintyTones[r.certainty]} icon={r.unsigned > 0}>
                {r.unsigned ? '待签署' : certainties[r.certainty]}
              </Tag>
            </td>
            <td className="pr-count">{r.uses > 0 ? `${r.uses} 处` : <span className="x-faint">—</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export default definePage({ title: '规则卡', path: '/policies/rule', component: RulePage })
