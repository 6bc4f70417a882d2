import { Alert, Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { ImportDetail, ImportMapping } from '#model'
import { Tag } from '../parts/tag.tsx'
import { TakingForce } from './taking-force.tsx'
import { useActs } from './use-import.ts'
import './columns.css'

interface Props {
  detail: ImportDetail
  onNext: () => void
  onAgain: () => void
}
/** Which column is which, with samples; values for what the file does not have. */
export function ColumnsStep({ detail, onNext, onAgain }: Props) {
  const { settle, preview } = useActs(detail.id)
  const put = (mapping: ImportMapping) => settle.mutate(mapping)
  const taken = new Set(detail.columns.map((column) => column.field))
  const wide = new Set(detail.targets.filter((target) => target.wide).map((target) => target.key))
  const errors = detail.remarks.filter((remark) => remark.level === 'error')
  const warnings = detail.remarks.filter((remark) => remark.level === 'warning')
  async function next(): Promise<void> {
    await preview.mutateAsync().then(onNext, () => undefined)
  }
  return (
    <>
      {detail.note && <Alert type={detail.state === 'cancelled' ? 'info' : 'error'} showIcon message={detail.note} />}
      {errors.map((remark) => (
        <Alert key={remark.text} type="error" showIcon message={remark.text} />
      ))}
      <section className="x-card">
        <header className="i-wrap">
          <h2>列的对应</h2>
          <span className="x-muted">{detail.format}</span>
          <span className="x-space" />
          <Place detail={detail} put={put} />
        </header>
        <ul className="i-columns">
          <li className="i-columns-head" aria-hidden>
            <span>文件中的列</span>
            <span>对应字段</span>
            <span>前几个值</span>
          </li>
          {detail.columns.map((column) => (
            <li key={column.index} className={column.field ? undefined : 'i-unused'}>
              <strong>{column.heading || <span className="x-faint">第 {column.index + 1} 列（无标题）</span>}</strong>
              <Select
                value={column.field ?? ''}
                aria-label={`“${column.heading}”对应的字段`}
                showSearch={{ optionFilterProp: 'label' }}
                onChange={(key: string) => put({ columns: { [column.index]: key || null } })}
                options={[
                  { value: '', label: '不使用' },
                  ...detail.targets.map((target) => ({
                    value: target.key,
                    label: `${target.label}${target.required ? ' *' : ''}`,
                    disabled: target.key !== column.field && taken.has(target.key) && !wide.has(target.key),
                  })),
                ]}
              />
              <span className="i-samples">
                {column.samples.length ? (
                  column.samples.map((sample, i) => <code key={i}>{sample}</code>)
                ) : (
                  <span className="x-faint">空</span>
                )}
              </span>
            </li>
          ))}
        </ul>
        {warnings.length > 0 && (
          <ul className="i-warnings">
            {warnings.map((remark) => (
              <li key={remark.text}>
                <Tag tone="warn">注意</Tag> {remark.text}
              </li>
            ))}
          </ul>
        )}
      </section>
      <Constants detail={detail} put={put} />
      <TakingForce detail={detail} put={put} />
      <footer className="i-acts">
        <Button onClick={onAgain}>换一个文件</Button>
        <span className="x-space" />
        <Button type="primary" disabled={errors.length > 0} loading={preview.isPending || settle.isPending} onClick={() => void next()}>
          检查数据
        </Button>
      </footer>
    </>
  )
}

function Place({ detail, put }: { detail: ImportDetail; put: (mapping: ImportMapping) => void }) {
  return (
    <span className="x-row i-wrap">
      {detail.sheets.length > 1 && (
        <Select
          size="small"
          value={detail.sheet}
          aria-label="工作表"
          options={detail.sheets.map((value) => ({ value }))}
          onChange={(sheet: string) => put({ sheet })}
        />
      )}
      <label className="x-row">
        表头在第
        <InputNumber
          size="small"
          min={1}
          max={50}
          value={detail.headRow}
          aria-label="表头所在行"
          className="i-head-row"
          onChange={(headRow) => headRow && put({ headRow, headLines: detail.headLines })}
        />
        行
      </label>
      <Checkbox
        checked={detail.headLines === 2}
        onChange={(event) => put({ headRow: detail.headRow, headLines: event.target.checked ? 2 : 1 })}
      >
        两行表头
      </Checkbox>
    </span>
  )
}

function Constants({ detail, put }: { detail: ImportDetail; put: (mapping: ImportMapping) => void }) {
  const given = new Set(detail.columns.map((column) => column.field))
  const free = detail.targets.filter((target) => !given.has(target.key) && !target.wide && !target.key.includes('.'))
  const [shown, setShown] = useState<string[]>(Object.keys(detail.constants))
  const label = (key: string) => detail.targets.find((target) => target.key === key)?.label ?? key
  const set = (key: string, value: string) => put({ constants: { ...detail.constants, [key]: value } })
  return (
    <section className="x-card i-constants">
      <header>
        <h2>文件中没有的，统一取值</h2>
      </header>
      <div className="i-fields">
        {shown
          .filter((key) => !given.has(key))
          .map((key) => (
            <label key={key}>
              <span>{label(key)}</span>
              <Input
                defaultValue={detail.constants[key] ?? ''}
                onBlur={(event) => event.target.value !== (detail.constants[key] ?? '') && set(key, event.target.value)}
              />
            </label>
          ))}
        <label>
          <span className="x-muted">增加一项</span>
          <Select
            value={null}
            placeholder="选择字段"
            showSearch={{ optionFilterProp: 'label' }}
            options={free.filter((target) => !shown.includes(target.key)).map((target) => ({ value: target.key, label: target.label }))}
            onChange={(key: string | null) => key && setShown([...shown, key])}
          />
        </label>
      </div>
      <div className="i-options">
        <Checkbox checked={detail.clearBlank} onChange={(event) => put({ clearBlank: event.target.checked })}>
          空格子清除已有内容（不勾选则保留）
        </Checkbox>
        <Checkbox checked={detail.strict} onChange={(event) => put({ strict: event.target.checked })}>
          全部正确才导入
        </Checkbox>
      </div>
    </section>
  )
}
