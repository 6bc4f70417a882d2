import {
  checkReportFormula, formulaTypes, gathers, isProtected, isTotalled, isUnshowable, kindOf, reportFunctions,
  type ClientResource, type Field, type Fields, type FormulaColumn, type Gather, type GatheredColumn, type ReportColumn,
} from '#model' // prettier-ignore
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { FirstText } from '../parts/first-input.tsx'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { FilterSentence } from '../list/sentence.tsx'

interface Props {
  column: ReportColumn
  /** The columns that stand before it. */
  before: Fields
  onKeep: (column: ReportColumn) => void
  onClose: () => void
}
/** One column: its name, what it gathers, its formula. */
export function ColumnDialog({ column, before, onKeep, onClose }: Props) {
  const catalog = useCatalog()
  const [draft, setDraft] = useState(column)
  const [isTried, setTried] = useState(false)
  const problems = problemsOf(draft, before)
  const set = (part: object) => setDraft({ ...draft, ...part })
  const keep = () => {
    setTried(true)
    if (!problems.label && !problems.what) onKeep({ ...draft, label: draft.label.trim() })
  }
  const said = (problem: string | null) => isTried && problem && <em className="x-problem" role="alert">{problem}</em> // prettier-ignore
  const child = draft.kind === 'gathered' ? catalog.resource(draft.of) : undefined
  return (
    <Modal open width={620} title={`列 ${draft.key}`} okText="保存这一列" onOk={keep} onCancel={onClose}>
      <div className="x-column-form">
        {draft.kind === 'gathered' && child && <GatherPart column={draft} child={child} onChange={set} />}
        {draft.kind === 'formula' && <FormulaPart column={draft} before={before} onChange={set} />}
        {said(problems.what)}
        <label>
          列名
          <Input maxLength={40} value={draft.label} onChange={(event) => set({ label: event.target.value })} />
        </label>
        {said(problems.label)}
      </div>
    </Modal>
  )
}
function problemsOf(column: ReportColumn, before: Fields): { label: string | null; what: string | null } {
  const label = column.label.trim() ? null : '请填写列名'
  if (column.kind === 'formula') {
    const checked = checkReportFormula(column.expression, formulaTypes(before))
    return { label, what: 'problem' in checked ? checked.problem : null }
  }
  return { label, what: column.kind === 'gathered' && column.how !== 'count' && !column.field ? '请选择取哪个字段' : null }
}

function GatherPart({
  column,
  child,
  onChange,
}: {
  column: GatheredColumn
  child: ClientResource
  onChange: (part: Partial<GatheredColumn>) => void
}) {
  const open = Object.entries(child.fields).filter(
    ([key, field]) => !isUnshowable(field) && !isProtected(field) && !child.masked.includes(key) && key !== column.by,
  )
  const fits = (how: Gather, field: Field): boolean =>
    how === 'sum' || how === 'avg'
      ? isTotalled(field)
      : how === 'min' || how === 'max'
        ? isTotalled(field) || kindOf(field).isDated === true
        : true
  const dated = open.filter(([, field]) => kindOf(field).isDated)
  const nameFor = (how: Gather, key: string | null): string => {
    const label = (key && child.fields[key]?.label) ?? ''
    if (how === 'count' || !key) return `${child.label}数`.slice(0, 40)
    return (how === 'list' ? label : how === 'first' || how === 'last' ? `${gathers[how]}${label}` : `${label}${gathers[how]}`).slice(0, 40)
  }
  const put = (part: Partial<GatheredColumn>) => {
    const next = { ...column, ...part }
    // The name follows what is gathered until somebody has given one of his own.
    const isOwn = column.label !== nameFor(column.how, column.field)
    onChange({ ...part, ...(isOwn ? {} : { label: nameFor(next.how, next.field) }) })
  }
  const isInOrder = column.how === 'first' || column.how === 'last' || column.how === 'list'
  return (
    <>
      <label>
        从“{child.label}”取
        <Select
          aria-label="怎样汇集"
          value={column.how}
          options={(Object.entries(gathers) as [Gather, string][]).map(([value, label]) => ({ value, label }))}
          onChange={(how: Gather) => {
            const field = column.field && child.fields[column.field] && fits(how, child.fields[column.field]!) ? column.field : null
            put({ how, field: how === 'count' ? null : field, date: how === 'count' ? null : (column.date ?? dated[0]?.[0] ?? null) })
          }}
        />
      </label>
      {column.how !== 'count' && (
        <label>
          字段
          <Select
            aria-label="取哪个字段"
            placeholder="选择字段"
            value={column.field}
            showSearch={{ optionFilterProp: 'label' }}
            options={open.filter(([, field]) => fits(column.how, field)).map(([value, { label }]) => ({ value, label }))}
            onChange={(field: string) => put({ field })}
          />
        </label>
      )}
      {isInOrder && (
        <label>
          先后按
          <Select
            aria-label="先后按"
            value={column.date ?? ''}
            options={[...dated.map(([value, { label }]) => ({ value, label })), { value: '', label: '登记先后' }]}
            onChange={(date: string) => put({ date: date || null })}
          />
        </label>
      )}
      <div>
        只算符合条件的（不加条件就是全部已生效的记录）
        <FilterSentence
          resource={{ ...child, list: { ...child.list, filters: [] } }}
          filter={column.where}
          onChange={(where) => put({ where })}
        />
      </div>
    </>
  )
}

function FormulaPart({
  column,
  before,
  onChange,
}: {
  column: FormulaColumn
  before: Fields
  onChange: (part: Partial<FormulaColumn>) => void
}) {
  const types = formulaTypes(before)
  const { expression } = column
  const checked = expression.trim() ? checkReportFormula(expression, types) : null
  const insert = (text: string) =>
    onChange({ expression: expression && !expression.endsWith(' ') ? `${expression} ${text}` : expression + text })
  const typeWords = { number: '数字', text: '文字', boolean: '是/否' } as const
  return (
    <>
      <label>
        公式
        <FirstText
          rows={3}
          maxLength={500}
          className="x-formula"
          value={expression}
          status={checked && 'problem' in checked ? 'error' : ''}
          placeholder="例如：num(C) * 2 + num(D)"
          onChange={(event) => onChange({ expression: event.target.value })}
        />
      </label>
      {checked && (
        <p className={'problem' in checked ? 'x-problem' : 'x-muted'} role="status">
          {'problem' in checked ? checked.problem : `结果是${typeWords[checked.type]}`}
        </p>
      )}
      <div className="x-formula-parts">
        {Object.keys(types).map((key) => (
          <button key={key} type="button" className="x-chip-new" onClick={() => insert(key)}>
            <b>{key}</b> {before[key]?.label}
          </button>
        ))}
      </div>
      <ul className="x-formula-help">
        {reportFunctions.map(({ text, label }) => (
          <li key={text}>
            <button type="button" className="x-link" onClick={() => insert(text)}>
              <code>{text}</code>
            </button>
            {label}
          </li>
        ))}
        <li>选项、科室、人员等在公式里就是它们显示的文字，如 A == "副高级"；日期是 "2026-06-15" 这样的文字，today 是今天。</li>
      </ul>
    </>
  )
}
