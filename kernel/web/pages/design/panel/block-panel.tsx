import { CopyOutlined, DeleteOutlined } from '@ant-design/icons'
import { mostOnPage, type FieldProblem, type ListBlock, type PageBlock } from '#model'
import { AutoComplete, Button, Input, InputNumber, Select, Switch } from 'antd'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { columnFields } from '../../../list/filter-fields.ts'
import { useMenu } from '../../../shell/menu.ts'
import type { PageDesigning } from '../use-page-acts.ts'
import { ChartPanel } from './chart-panel.tsx'
import { Line } from './line.tsx'
import { SourcePart } from './source.tsx'

interface Props {
  block: PageBlock
  problems: readonly FieldProblem[]
  designing: PageDesigning
}
/** The block that is selected: what it shows. */
export function BlockPanel({ block, problems, designing: { editBlock, copy, remove } }: Props) {
  const at = `blocks.${block.id}`
  const said = (field: string) => problems.find((one) => one.field === `${at}.${field}` || one.field === `block.${field}`)?.message
  const put = (part: Partial<PageBlock>, about?: string) => editBlock(block.id, part, about && `${block.id} ${about}`)
  const whole = problems.find((one) => one.field === at)?.message
  return (
    <>
      <h3>
        区块
        <span className="x-space" />
        <Button size="small" type="text" icon={<CopyOutlined />} aria-label="复制区块" title="复制" onClick={() => copy(block.id)} />
        <Button
          size="small"
          type="text"
          danger
          icon={<DeleteOutlined />}
          aria-label="删除区块"
          title="删除"
          onClick={() => remove(block.id)}
        />
      </h3>
      {whole && (
        <p className="x-problem" role="alert">
          {whole}
        </p>
      )}
      <Line label="标题" problem={said('title')}>
        <Input maxLength={60} value={block.title} onChange={(event) => put({ title: event.target.value }, 'title')} />
      </Line>
      {block.kind === 'chart' && <ChartPanel chart={block.chart} said={said} onChange={(chart, about) => put({ chart }, about)} />}
      {block.kind === 'list' && <ListPanel block={block} said={said} onChange={put} />}
      {(block.kind === 'text' || block.kind === 'empty') && (
        <Line label={block.kind === 'text' ? '文字' : '说明由什么数据接入'} problem={said('text')}>
          <Input.TextArea
            rows={5}
            maxLength={block.kind === 'text' ? 5000 : 300}
            value={block.text}
            onChange={(event) => put({ text: event.target.value }, 'text')}
          />
        </Line>
      )}
      {block.kind === 'link' && <LinkPanel to={block.to} said={said} onChange={put} />}
      <label className="x-panel-switch">
        <Switch size="small" checked={block.phone !== null} onChange={(shown) => put({ phone: shown ? 999 : null })} /> 手机上显示
      </label>
    </>
  )
}
type Put = (part: Partial<PageBlock>, about?: string) => void

function ListPanel({ block, said, onChange }: { block: ListBlock; said: (field: string) => string | undefined; onChange: Put }) {
  const catalog = useCatalog()
  const resource = catalog.resource(block.resource)
  const fields = resource ? columnFields(catalog, resource).map(({ path, label }) => ({ value: path, label })) : []
  const sorts = fields.flatMap(({ value, label }) => [{ value, label: `${label} ↑` }, { value: `-${value}`, label: `${label} ↓` }]) // prettier-ignore
  return (
    <>
      <SourcePart source={block} said={said} onChange={(part, about) => onChange(part.resource ? { ...part, columns: [], sort: [] } : part, about)} />
      <Line label="列（不选为列表平常的列）" problem={said('columns')}>
        <Select mode="multiple" aria-label="列" value={[...block.columns]} options={fields} optionFilterProp="label" onChange={(columns: string[]) => onChange({ columns })} />
      </Line>
      <Line label="排序" problem={said('sort')}>
        <Select mode="multiple" aria-label="列表排序" value={[...block.sort]} options={sorts} optionFilterProp="label" onChange={(sort: string[]) => onChange({ sort })} />
      </Line>
      <Line label="显示几条" problem={said('most')}>
        <InputNumber min={1} max={mostOnPage.listed} value={block.most} onChange={(most: number | null) => onChange({ most: most ?? 10 }, 'most')} />
      </Line>
    </>
  )
} // prettier-ignore

function LinkPanel({ to, said, onChange }: { to: string; said: (field: string) => string | undefined; onChange: Put }) {
  const items = useMenu().flatMap(({ items: list }) => list)
  return (
    <Line label="打开哪个页面" problem={said('to')}>
      <AutoComplete
        aria-label="打开哪个页面"
        value={to}
        options={items.map(({ path, label }) => ({ value: path, label: `${label} ${path}` }))}
        onChange={(next: string) => onChange({ to: next, icon: items.find(({ path }) => path === next)?.icon ?? 'link' }, 'to')}
      />
    </Line>
  )
}
