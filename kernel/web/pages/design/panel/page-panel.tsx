import { CloseOutlined } from '@ant-design/icons'
import { isProtected, kindOf, mostOnPage, type FieldProblem, type Page, type PageFilter, type PageNames } from '#model'
import { AutoComplete, Button, Input, InputNumber, Select } from 'antd'
import { useCatalog } from '../../../definitions/use-catalog.tsx'
import { columnFields } from '../../../list/filter-fields.ts'
import { iconNames, MenuIcon } from '../../../shell/icons.tsx'
import { Line } from './line.tsx'

interface Props {
  page: Page
  names: PageNames | undefined
  problems: readonly FieldProblem[]
  onChange: (part: Partial<Page>, about?: string) => void
}
/** The page itself: its name, who sees it and where, what its reader may set for all of it. */
export function PagePanel({ page, names, problems, onChange }: Props) {
  const said = (field: string) => problems.find((one) => one.field === field || one.field.startsWith(`${field}.`))?.message
  const roles = (names?.roles ?? []).map(({ name, label }) => ({ value: name, label }))
  return (
    <>
      <h3>页面</h3>
      <Line label="名称" problem={said('label')}>
        <Input maxLength={40} value={page.label} onChange={(event) => onChange({ label: event.target.value }, 'label')} />
      </Line>
      <Line label="图标">
        <Select
          showSearch
          value={page.icon}
          options={iconNames.map((name) => ({ value: name, label: <><MenuIcon name={name} /> {name}</> }))}
          onChange={(icon: string) => onChange({ icon })}
        />
      </Line>
      <Line label="谁能看（不选为所有人）" problem={said('who')}>
        <Select mode="multiple" value={[...page.who]} options={roles} optionFilterProp="label" onChange={(who: string[]) => onChange({ who })} />
      </Line>
      <Line label="菜单分组（不填则不在菜单里）" problem={said('menu')}>
        <AutoComplete
          allowClear
          value={page.menu ?? ''}
          options={(names?.menus ?? []).map((value) => ({ value }))}
          onChange={(menu: string | undefined) => onChange({ menu: menu || null }, 'menu')}
        />
      </Line>
      <Line label="放在哪些角色的工作台上" problem={said('home')}>
        <Select mode="multiple" value={[...page.home]} options={roles} optionFilterProp="label" onChange={(home: string[]) => onChange({ home })} />
      </Line>
      <Line label="自动刷新（秒，不填则不自动）" problem={said('refresh')}>
        <InputNumber min={30} max={86_400} value={page.refresh} onChange={(refresh: number | null) => onChange({ refresh }, 'refresh')} />
      </Line>
      <Filters page={page} problem={said('filters')} onChange={onChange} />
    </>
  )
} // prettier-ignore

/** Shared filters: a field of one type, asked of every block whose type has one of that name. */
function Filters({ page, problem, onChange }: Pick<Props, 'page' | 'onChange'> & { problem: string | undefined }) {
  const catalog = useCatalog()
  const types = [...new Set(page.blocks.flatMap((one) => (one.kind === 'chart' ? [one.chart.resource] : one.kind === 'list' ? [one.resource] : [])))] // prettier-ignore
  const offered = types.flatMap((name) => {
    const resource = catalog.resource(name)
    if (!resource) return []
    const fields = columnFields(catalog, resource).filter(({ field, path }) => !isProtected(field) && kindOf(field).operators.length > 0 && !page.filters.some((one) => one.paths.includes(path))) // prettier-ignore
    return [{ label: resource.label, options: fields.map(({ path, label }) => ({ value: `${name}:${path}`, label })) }]
  })
  const add = (chosen: string) => {
    const [resource = '', path = ''] = chosen.split(':')
    const type = catalog.resource(resource)
    const last = path.split('.').at(-1)!
    const taken = new Set(page.filters.map(({ key }) => key))
    const key = taken.has(last) ? `${last}${page.filters.length + 1}` : last
    const one: PageFilter = { key, label: (type && catalog.find(type, path)?.short) ?? last, paths: [...new Set([path, last])], resource }
    onChange({ filters: [...page.filters, one] })
  }
  return (
    <>
      <h3>共用筛选</h3>
      {page.filters.map((one) => (
        <p key={one.key} className="x-panel-chip">
          {one.label}
          <span className="x-space" />
          <Button size="small" type="text" icon={<CloseOutlined />} aria-label={`移除共用筛选 ${one.label}`} onClick={() => onChange({ filters: page.filters.filter((other) => other !== one) })} />
        </p>
      ))}
      {page.filters.length < mostOnPage.filters && (
        <Line label="添加共用筛选" problem={problem}>
          <Select aria-label="添加共用筛选" value={null} placeholder={types.length ? '选择字段' : '先放上图表或列表'} showSearch optionFilterProp="label" options={offered} onChange={(chosen: string | null) => chosen && add(chosen)} />
        </Line>
      )}
    </>
  )
} // prettier-ignore
