import { CloseOutlined, HighlightOutlined, PlusOutlined } from '@ant-design/icons'
import { asksProtected, formatTones, mostFormats, type ClientResource, type FormatRule, type FormatTone } from '#model'
import { App, Badge, Button, Checkbox, Modal, Select } from 'antd'
import { useState } from 'react'
import type { Found } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import type { ListAddress } from '../list-address.ts'
import { FilterSentence } from '../sentence.tsx'
import { FormatMark } from './format-mark.tsx'
import './formats.css'

interface Props {
  resource: ClientResource
  address: ListAddress
  columns: readonly Found[]
}
/** What stands out in the list, and when. */
export function FormatChooser(props: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Badge count={props.address.state.formats.length} size="small">
        <Button icon={<HighlightOutlined />} aria-label="突出显示" title="突出显示" onClick={() => setOpen(true)} />
      </Badge>
      {isOpen && <Rules {...props} onClose={() => setOpen(false)} />}
    </>
  )
}

/** A rule that has no condition yet is not kept: it would mean every record. */
type Draft = Omit<FormatRule, 'when'> & { when: FormatRule['when'] | null }
const isWhole = (draft: Draft): draft is FormatRule => draft.when !== null
const fresh: Draft = { when: null, at: null, tone: 'warn', bold: true }

function Rules({ resource, address, columns, onClose }: Props & { onClose: () => void }) {
  const catalog = useCatalog()
  const { message } = App.useApp()
  const { formats } = address.state
  const [rules, setRules] = useState<readonly Draft[]>(formats.length ? formats : [fresh])
  const put = (next: readonly Draft[]) => {
    setRules(next)
    address.set({ formats: next.filter(isWhole) })
  }
  const isClosed = (rule: Draft) => asksProtected(rule.when, resource.fields, (path) => catalog.find(resource, path)?.field)
  const change = (at: number, rule: Draft) => {
    // Conditions stand in the address, which is logged and passed on.
    if (isClosed(rule)) message.error('受保护的字段不能用来突出显示')
    else put(rules.with(at, rule))
  }
  return (
    <Modal open width={640} title={`突出显示${resource.label}`} footer={<Button onClick={onClose}>完成</Button>} onCancel={onClose}>
      <p className="x-muted">满足条件的行或单元格以颜色和图标标出；同一处有几条规则时，以上面的为准。随视图保存。</p>
      <ul className="x-format-rules">
        {rules.map((rule, at) => (
          <li key={at} className="x-format-rule">
            <div className="x-format-line">
              <FormatMark rule={rule} />
              <Select
                aria-label="标出哪里"
                value={rule.at ?? ''}
                options={[{ value: '', label: '整行' }, ...columns.map(({ path, label }) => ({ value: path, label: `“${label}”一格` }))]}
                onChange={(path: string) => change(at, { ...rule, at: path || null })}
              />
              <Select
                aria-label="颜色"
                value={rule.tone}
                options={(Object.entries(formatTones) as [FormatTone, string][]).map(([value, label]) => ({
                  value,
                  label: (
                    <>
                      <FormatMark rule={{ tone: value }} />
                      {label}
                    </>
                  ),
                }))}
                onChange={(tone: FormatTone) => change(at, { ...rule, tone })}
              />
              <Checkbox checked={rule.bold} onChange={(event) => change(at, { ...rule, bold: event.target.checked })}>
                加粗
              </Checkbox>
              <button
                type="button"
                className="x-icon-button"
                aria-label="移除这条规则"
                onClick={() => put(rules.length === 1 ? [fresh] : rules.toSpliced(at, 1))}
              >
                <CloseOutlined />
              </button>
            </div>
            <FilterSentence lead="当" resource={resource} filter={rule.when} onChange={(when) => change(at, { ...rule, when })} />
          </li>
        ))}
      </ul>
      <Button
        type="dashed"
        block
        icon={<PlusOutlined />}
        disabled={rules.length >= mostFormats || !rules.every(isWhole)}
        onClick={() => setRules([...rules, fresh])}
      >
        {rules.length >= mostFormats ? `最多 ${mostFormats} 条` : '再加一条规则'}
      </Button>
    </Modal>
  )
}
