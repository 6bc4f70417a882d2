import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, EditOutlined } from '@ant-design/icons'
import {
  aggregates, freeLetter, gathers, grains, isReportKey, isTotalled, kindOf, listChartKinds, readGroupKey, readTotalKey,
  type ChartKind, type ClientResource, type FieldProblem, type Fields, type Grain, type ReportColumn, type ReportSpec,
} from '#model' // prettier-ignore
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { ColumnDialog } from './column-dialog.tsx'
import { offeredFields, withoutColumn } from './made-resource.ts'
import { useSources } from './use-reports.ts'
import { optionsOf } from '../parts/options-of.ts'

interface Props {
  base: ClientResource
  spec: ReportSpec
  fields: Fields
  problems: readonly FieldProblem[]
  onChange: (part: Partial<ReportSpec>) => void
}
/** Where a report is put together: columns, groups, totals, picture. */
export function Builder(props: Props) {
  return (
    <aside className="x-card x-builder" aria-label="组合报表">
      <Columns {...props} />
      <Groups {...props} />
      <Totals {...props} />
      <h3>图表</h3>
      <Select
        allowClear
        aria-label="图表"
        placeholder={props.spec.group.length ? '不画图' : '先选分组，再选图表'}
        value={props.spec.chart}
        options={optionsOf(listChartKinds as Record<ChartKind, string>)}
        onChange={(chart: ChartKind | undefined) => props.onChange({ chart: chart ?? null })}
      />
    </aside>
  )
}

function Columns({ base, spec, fields, problems, onChange }: Props) {
  const catalog = useCatalog()
  const [edited, setEdited] = useState<{ column: ReportColumn; isNew: boolean } | null>(null)
  const sources = useSources(base.name, true).data ?? []
  const { columns } = spec
  const offered = offeredFields(catalog, base)
  const own = offered.filter(({ path }) => !path.includes('.'))
  const further = offered.filter(({ path }) => path.includes('.'))
  const option = ({ path, label }: { path: string; label: string }) => ({ value: `path:${path}`, label })
  const add = (chosen: string) => {
    const key = freeLetter(columns)
    const [kind = '', rest = '', by = ''] = chosen.split(':')
    if (kind === 'formula') return setEdited({ isNew: true, column: { kind, key, label: '公式', expression: '' } })
    if (kind === 'path') {
      const label = (offered.find(({ path }) => path === rest)?.label ?? rest).slice(0, 40)
      return onChange({ columns: [...columns, { kind, key, label, path: rest }] })
    }
    const label = `${catalog.resource(rest)?.label ?? rest}数`.slice(0, 40)
    setEdited({ isNew: true, column: { kind: 'gathered', key, label, of: rest, by, how: 'count', field: null, date: null, where: null } })
  }
  const move = (at: number, to: number) => {
    const next = [...columns]
    const [moved] = next.splice(at, 1)
    if (moved) next.splice(to, 0, moved)
    onChange({ columns: next })
  }
  return (
    <>
      <h3>列</h3>
      <ol>
        {columns.map((column, at) => {
          const { key, label } = column
          const problem = problems.find(({ field }) => field === `columns.${key}`)?.message
          return (
            <li key={key}>
              <b aria-hidden>{key}</b>
              <span title={label}>
                {label}
                <small>
                  {column.kind === 'formula'
                    ? column.expression
                    : column.kind === 'gathered'
                      ? `${catalog.resource(column.of)?.label ?? ''} · ${gathers[column.how]}`
                      : ''}
                </small>
              </span>
              <button
                type="button"
                className="x-icon-button"
                aria-label={`修改列 ${label}`}
                onClick={() => setEdited({ column, isNew: false })}
              >
                <EditOutlined />
              </button>
              <button
                type="button"
                className="x-icon-button"
                aria-label={`${label} 前移`}
                disabled={at === 0}
                onClick={() => move(at, at - 1)}
              >
                <ArrowUpOutlined />
              </button>
              <button
                type="button"
                className="x-icon-button"
                aria-label={`${label} 后移`}
                disabled={at === columns.length - 1}
                onClick={() => move(at, at + 1)}
              >
                <ArrowDownOutlined />
              </button>
              <button
                type="button"
                className="x-icon-button"
                aria-label={`移除列 ${label}`}
                disabled={columns.length === 1}
                onClick={() => onChange(withoutColumn(spec, key))}
              >
                <CloseOutlined />
              </button>
              {problem && (
                <p className="x-problem" role="alert">
                  {problem}
                </p>
              )}
            </li>
          )
        })}
      </ol>
      <Select
        aria-label="添加列"
        value={null}
        placeholder="添加列：字段、汇集、公式"
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={320}
        options={[
          { label: '计算', options: [{ value: 'formula:', label: '公式…' }] },
          { label: base.label, options: own.map(option) },
          ...(sources.length
            ? [
                {
                  label: `指向${base.label}的记录（汇集成一列）`,
                  options: sources.map(({ of, label, by, byLabel }) => ({
                    value: `gather:${of}:${by}`,
                    label: `${label}（按${byLabel}）…`,
                  })),
                },
              ]
            : []),
          ...(further.length ? [{ label: '引用的记录', options: further.map(option) }] : []),
        ]}
        onChange={(chosen: string | null) => chosen && add(chosen)}
      />
      {edited && (
        <ColumnDialog
          column={edited.column}
          before={Object.fromEntries(Object.entries(fields).filter(([key]) => isBefore(columns, key, edited.column.key)))}
          onClose={() => setEdited(null)}
          onKeep={(column) => {
            onChange({ columns: edited.isNew ? [...columns, column] : columns.map((one) => (one.key === column.key ? column : one)) })
            setEdited(null)
          }}
        />
      )}
    </>
  )
}
const isBefore = (columns: readonly ReportColumn[], key: string, of: string): boolean => {
  const place = columns.findIndex((one) => one.key === of)
  return place < 0 || columns.findIndex((one) => one.key === key) < place
}

function Groups({ spec, fields, onChange }: Props) {
  const offered = Object.entries(fields).filter(([, field]) => isReportKey(field))
  const { group } = spec
  const isDated = (key: string) => fields[key] !== undefined && kindOf(fields[key]).isDated === true
  const set = (at: number, key: string | null) => {
    const text = key && (isDated(key) ? `${key}:month` : key)
    onChange({ group: text ? group.toSpliced(at, 1, text) : group.toSpliced(at, 1) })
  }
  const optionsFor = (own: string | undefined) =>
    offered
      .filter(([key]) => key === own || !group.some((text) => text.split(':')[0] === key))
      .map(([value, field]) => ({ value, label: `${value} ${field.label}` }))
  return (
    <>
      <h3>分组</h3>
      {[...group, ...(group.length < 2 ? [''] : [])].map((text, at) => {
        const read = readGroupKey(text)
        return (
          <div key={at} className="x-builder-line">
            <Select
              allowClear
              aria-label={`第 ${at + 1} 层分组`}
              placeholder={at ? '再分一层（图例）' : '按…分组'}
              value={read?.path ?? null}
              options={optionsFor(read?.path)}
              onChange={(key: string | undefined) => set(at, key ?? null)}
            />
            {read && isDated(read.path) && (
              <Select
                aria-label="粗细"
                value={read.grain}
                options={optionsOf(grains)}
                onChange={(grain: Grain) => onChange({ group: group.with(at, `${read.path}:${grain}`) })}
              />
            )}
          </div>
        )
      })}
    </>
  )
}

function Totals({ spec, fields, onChange }: Props) {
  const numbers = Object.entries(fields).filter(([, field]) => isTotalled(field) && isReportKey(field))
  const { totals } = spec
  if (numbers.length === 0) return null
  const free = numbers.flatMap(([key, { label }]) =>
    optionsOf(aggregates)
      .map(({ value, label: how }) => ({ value: `${value}:${key}`, label: `${key} ${label}${how}` }))
      .filter(({ value }) => !totals.includes(value)),
  )
  return (
    <>
      <h3>汇总</h3>
      {totals.map((text) => {
        const read = readTotalKey(text)
        return (
          <div key={text} className="x-builder-line">
            <span>{read && `${fields[read.path]?.label ?? read.path}${aggregates[read.by]}`}</span>
            <Button
              size="small"
              type="text"
              icon={<CloseOutlined />}
              aria-label="移除汇总"
              onClick={() => onChange({ totals: totals.filter((one) => one !== text) })}
            />
          </div>
        )
      })}
      {totals.length < 10 && (
        <Select
          aria-label="添加汇总"
          value={null}
          placeholder={totals.length ? '再加一项' : '合计、平均…（第一项画成图）'}
          showSearch={{ optionFilterProp: 'label' }}
          options={free}
          onChange={(text: string | null) => text && onChange({ totals: [...totals, text] })}
        />
      )}
    </>
  )
}
