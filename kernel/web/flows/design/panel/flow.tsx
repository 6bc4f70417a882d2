import { App, Input, InputNumber, Select } from 'antd'
import type { ClientResource } from '#model'
import { bounds } from '#kernel/model/flow/definition.ts'
import { effectWhenWords } from '#kernel/model/flow/sentences.ts'
import { messageOf } from '../../../api/problem.ts'
import { columnsOf, fieldOptions, useWorld, type Option } from '../context.ts'
import type { Drawn } from '../tree.ts'
import { Admissions } from './admissions.tsx'
import { namesAsOptions, Pick, Setting, SettingGroup, SettingList, SettingSwitch } from './set.tsx'
import { optionsOf } from '../../../parts/options-of.ts'

/** What holds for the flow as a whole. */
export function FlowPanel() {
  const { definition, edit, resource, names } = useWorld()
  const put = (part: Partial<Drawn>, about?: string) => edit({ ...definition, ...part }, about && `flow ${about}`)
  const { start } = definition
  return (
    <>
      <Setting label="流程名称">
        {(id) => <Input id={id} value={definition.label} maxLength={60} onChange={(event) => put({ label: event.target.value }, 'label')} />}
      </Setting>
      <DrawnFor />
      <SettingGroup title="提交时">
        <Setting label="必须填写" hint="除表单本身的必填项之外">
          {(id) => <Select id={id} className="x-set-wide" mode="multiple" placeholder="不另作要求" value={[...start.require]} showSearch={{ optionFilterProp: 'label' }} options={fieldOptions(resource)} onChange={(require: string[]) => put({ start: { ...start, require } })} />}
        </Setting>
        <SettingSwitch label="申请人须手写签名" value={start.sign} onChange={(sign) => put({ start: { ...start, sign } })} />
      </SettingGroup>
      <SettingGroup title="逐项审批与生效">
        <Items />
        <Setting label="通过后做什么">
          {(id) => <Pick id={id} value={definition.effect ?? 'none'} options={[{ value: 'none', label: '记录生效，不另作处理' }, ...namesAsOptions(names.effects)]} onChange={(effect) => edit(withEffect(definition, effect))} />}
        </Setting>
        {definition.items && (
          <Setting label="何时生效">
            {(id) => <Pick id={id} value={definition.effectWhen} options={optionsOf(effectWhenWords)} onChange={(when) => put({ effectWhen: when })} />}
          </Setting>
        )}
      </SettingGroup>
      <SettingGroup title="标题与摘要" isOpen={false}>
        <Words />
      </SettingGroup>
      <SettingGroup title="准入条件" isOpen={(definition.admissions?.length ?? 0) > 0}>
        <Admissions />
      </SettingGroup>
      <SettingGroup title="催办" isOpen={false}>
        <Setting label="两次催办至少隔">
          {(id) => <InputNumber id={id} className="x-set-wide" suffix="小时" min={0} max={720} value={definition.urgeEveryHours} onChange={(hours) => hours !== null && put({ urgeEveryHours: hours }, 'urge')} />}
        </Setting>
      </SettingGroup>
    </>
  )
} // prettier-ignore
/** Which form, where the program does not say: its fields are what conditions and rights name. */
function DrawnFor() {
  const { design, drawFor } = useWorld()
  const { message } = App.useApp()
  if (design.choices.length === 0) return null
  return (
    <Setting label="用于哪种表单" hint="选定之后才能用它的字段，并可试运行">
      {(id) => <Pick id={id} value="" options={namesAsOptions(design.choices)} onChange={(resource) => void drawFor(resource).catch((error: unknown) => message.error(messageOf(error)))} />}
    </Setting>
  )
} // prettier-ignore
function withEffect(flow: Drawn, effect: string): Drawn {
  const { effect: _effect, ...rest } = flow
  return effect === 'none' ? rest : { ...rest, effect }
}

/** The sub-table whose rows are decided one by one, and what of a row may be narrowed. */
function Items() {
  const { definition, edit, resource } = useWorld()
  const { items, ...rest } = definition
  const columns = columnsOf(resource.fields[items?.rows ?? ''])
  const narrow = Object.entries(columns ?? {}).flatMap(([value, field]) => (field.kind === 'choice' ? { value, label: field.label } : []))
  const tables = fieldOptions(resource, (field) => field.kind === 'rows')
  return (
    <>
      <Setting label="逐项审批的明细">
        {(id) => <Pick id={id} value={items?.rows ?? 'none'} options={[{ value: 'none', label: '整份一起审批' }, ...tables]} onChange={(rows) => edit(rows === 'none' ? { ...rest, effectWhen: 'together' } : { ...rest, items: { rows } })} />}
      </Setting>
      {items && (
        <Setting label="可限定的内容" hint="审批人可以同意得窄一些，如“须上级在场”">
          {(id) => <Pick id={id} value={items.narrow ?? 'none'} options={[{ value: 'none', label: '不能限定' }, ...narrow]} onChange={(to) => edit({ ...rest, items: to === 'none' ? { rows: items.rows } : { rows: items.rows, narrow: to } })} />}
        </Setting>
      )}
    </>
  )
} // prettier-ignore

/** How an approval is called: words, and the places of fields. */
function Words() {
  const { definition, edit } = useWorld()
  const { title, summary = [], ...rest } = definition
  const put = (next: { title?: string | undefined; summary?: readonly string[] }, about: string) => {
    const both = { title, summary, ...next }
    edit({ ...rest, ...(both.title ? { title: both.title } : {}), ...(both.summary.length ? { summary: both.summary } : {}) }, `flow ${about}`)
  }
  return (
    <>
      <Setting label="标题" hint="不写时为“谁申请什么”。">
        {(id) => <Template id={id} value={title ?? ''} onChange={(text) => put({ title: text }, 'title')} />}
      </Setting>
      <Setting label="摘要" hint="没有值的部分不显示">
        {() => (
          <SettingList items={summary} most={bounds.pieces} add={() => ''} addLabel="加一段" onChange={(next) => put({ summary: next }, 'summary')}>
            {(text, set) => <Template value={text} onChange={set} />}
          </SettingList>
        )}
      </Setting>
    </>
  )
} // prettier-ignore

/** Words with places of values in them; a place is put at the end by choosing it. */
function Template({ id, value, onChange }: { id?: string; value: string; onChange: (text: string) => void }) {
  const { resource } = useWorld()
  return (
    <div className="x-decider">
      <Input
        {...(id ? { id } : { 'aria-label': '一段摘要' })}
        value={value}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
      />
      <Select<string>
        size="small"
        aria-label="插入字段"
        placeholder="插入字段"
        value={null}
        showSearch={{ optionFilterProp: 'label' }}
        options={places(resource)}
        onChange={(path) => onChange(`${value}{${path}}`)}
      />
    </div>
  )
}
/** What a title may name. */
const places = (resource: ClientResource): Option[] => [
  { value: 'applicant', label: '申请人' },
  { value: 'applicantUnit', label: '申请人科室' },
  { value: 'number', label: '编号' },
  { value: 'form', label: '表单名称' },
  ...Object.entries(resource.fields).flatMap(([key, field]): Option[] => {
    const columns = columnsOf(field)
    if (!columns) return [{ value: key, label: field.label }]
    const inner = Object.entries(columns).map(([column, one]) => ({ value: `${key}.${column}`, label: `${field.label} · ${one.label}` }))
    return [{ value: `${key}.count`, label: `${field.label} · 行数` }, ...inner]
  }),
]
