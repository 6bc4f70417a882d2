import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import {
  actKinds,
  hasRecord,
  isSettable,
  isTakeable,
  mostInAutomation,
  sayable,
  writtenType,
  type AutomationAct,
  type ClientResource,
  type SetValue,
} from '#model'
import { Button, Dropdown, Input, Select } from 'antd'
import { fieldOptions } from '../flows/design/context.ts'
import { Pick, Setting, SettingList } from '../flows/design/panel/set.tsx'
import { Problem } from '../reminders/problem.tsx'
import { ReceiversInput } from '../reminders/receivers.tsx'
import { Words } from '../reminders/words.tsx'
import { Secret } from './secret.tsx'
import { newAct, type Drawing } from './use-automation.ts'
import { ValueInput } from './value-input.tsx'

type Set<A> = (act: A, about?: string) => void
/** 就做: what it does, one after the other. */
export function ActsCard({ drawing, name }: { drawing: Drawing; name: string }) {
  const { automation, problems, change } = drawing
  const { acts } = automation
  const put = (next: readonly AutomationAct[], about?: string) => change({ acts: next }, about)
  const offered = (Object.keys(actKinds) as AutomationAct['kind'][]).filter((kind) => kind !== 'update' || (hasRecord(automation) && automation.when.kind !== 'deleted'))
  const add = (kind: AutomationAct['kind']) => put([...acts, newAct(kind, hasRecord(automation))])
  const swap = (at: number, by: number) => put(acts.map((act, n) => (n === at ? acts[at + by]! : n === at + by ? acts[at]! : act)))
  return (
    <section className="x-card r-part" aria-label="就做">
      <h2>就做</h2>
      {acts.map((act, n) => (
        <fieldset key={n} className="a-act" aria-label={`第 ${n + 1} 件事`}>
          <header>
            <b>{n + 1}. {titleOf(drawing, act)}</b>
            <span className="x-space" />
            {n > 0 && <Button type="text" size="small" icon={<ArrowUpOutlined />} aria-label="上移" onClick={() => swap(n, -1)} />}
            {n < acts.length - 1 && <Button type="text" size="small" icon={<ArrowDownOutlined />} aria-label="下移" onClick={() => swap(n, 1)} />}
            <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={`删除第 ${n + 1} 件事`} onClick={() => put(acts.toSpliced(n, 1))} />
          </header>
          <Act drawing={drawing} act={act} n={n} name={name} onChange={(next, about) => put(acts.with(n, next), about && `${n} ${about}`)} />
        </fieldset>
      ))}
      <Problem problems={problems} at="acts" />
      <Dropdown trigger={['click']} disabled={acts.length >= mostInAutomation.acts} menu={{ items: offered.map((kind) => ({ key: kind, label: actKinds[kind] })), onClick: ({ key }) => add(key as AutomationAct['kind']) }}>
        <Button type="dashed" icon={<PlusOutlined />}>添加要做的事</Button>
      </Dropdown>
    </section>
  )
} // prettier-ignore
function titleOf({ typeOf }: Drawing, act: AutomationAct): string {
  return act.kind === 'create' && typeOf(act.resource)?.approval ? '提交审批' : actKinds[act.kind]
}
interface ActProps<A extends AutomationAct> {
  drawing: Drawing
  act: A
  n: number
  name: string
  onChange: Set<A>
}
function Act({ act, onChange, ...rest }: ActProps<AutomationAct>) {
  if (act.kind === 'create') return <Create {...rest} act={act} onChange={onChange} />
  if (act.kind === 'update') return <Update {...rest} act={act} onChange={onChange} />
  if (act.kind === 'message') return <Message {...rest} act={act} onChange={onChange} />
  return <Call {...rest} act={act} onChange={onChange} />
}

type ActOf<K extends AutomationAct['kind']> = Extract<AutomationAct, { kind: K }>
function Create({ drawing, act, n, onChange }: ActProps<ActOf<'create'>>) {
  const { desk, typeOf, problems } = drawing
  const writable = desk.types.filter(({ name }) => desk.writable.includes(name))
  const target = typeOf(act.resource)
  const choose = (resource: string) => {
    // What has to be filled in stands there at once.
    const needed = Object.entries(typeOf(resource)?.fields ?? {}).filter(([, field]) => field.required && isSettable(field) && field.default === undefined && !field.from)
    onChange({ ...act, resource, values: needed.map(([field]) => ({ field, value: { from: 'constant', value: null } })) })
  }
  return (
    <>
      <Setting label="新建哪种记录" hint={target?.approval ? '这种记录须审批：以运行身份提交，进入审批' : undefined}>
        {(id) => <Pick id={id} value={act.resource} options={writable.map(({ name, label, approval }) => ({ value: name, label: approval ? `${label}（须审批）` : label }))} onChange={choose} />}
      </Setting>
      <Problem problems={problems} at={`acts.${n}.resource`} />
      {target && <Values drawing={drawing} target={target} values={act.values} n={n} onChange={(values, about) => onChange({ ...act, values }, about)} />}
    </>
  )
} // prettier-ignore
function Update({ drawing, act, n, onChange }: ActProps<ActOf<'update'>>) {
  const { automation, desk, resource, problems, typeOf } = drawing
  const through = resource ? fieldOptions(resource, (field) => field.kind === 'reference' && desk.writable.includes(String((field.options as { target?: string }).target))) : []
  const name = writtenType({ resources: new Map(desk.types.map((type) => [type.name, type])) }, automation, act)
  const target = name === null ? undefined : typeOf(name)
  return (
    <>
      <Setting label="修改哪条记录" hint={target?.approval ? '这种记录须审批：提出变更申请，通过后生效' : undefined}>
        {(id) => <Pick id={id} value={act.at ?? 'self'} options={[{ value: 'self', label: '触发的这条记录' }, ...through.map(({ value, label }) => ({ value, label: `“${label}”所指的记录` }))]} onChange={(at) => onChange({ ...act, at: at === 'self' ? null : at, values: [] })} />}
      </Setting>
      <Problem problems={problems} at={`acts.${n}`} />
      <Problem problems={problems} at={`acts.${n}.at`} />
      {target && <Values drawing={drawing} target={target} values={act.values} n={n} onChange={(values, about) => onChange({ ...act, values }, about)} />}
    </>
  )
} // prettier-ignore
interface ValuesProps {
  drawing: Drawing
  target: ClientResource
  values: readonly SetValue[]
  n: number
  onChange: Set<readonly SetValue[]>
}
function Values({ drawing, target, values, n, onChange }: ValuesProps) {
  const settable = fieldOptions(target, isSettable)
  const open = (own: string) => settable.filter(({ value }) => value === own || !values.some(({ field }) => field === value))
  const first = open('')[0]?.value ?? ''
  return (
    <>
      <div className="x-set">
        <span className="a-label">填写</span>
        <SettingList<SetValue> items={values} most={Math.min(mostInAutomation.values, settable.length)} add={() => ({ field: first, value: { from: 'constant', value: null } })} addLabel="再填一个字段" onChange={onChange}>
          {(one, _, k) => (
            <div className="a-set">
              <Pick label={`第 ${k + 1} 个字段`} value={one.field} options={open(one.field)} onChange={(field) => onChange(values.with(k, { field, value: { from: 'constant', value: null } }))} />
              {target.fields[one.field] && <ValueInput key={one.field} drawing={drawing} target={target} field={target.fields[one.field]!} value={one.value} onChange={(value, about) => onChange(values.with(k, { ...one, value }), about)} />}
              <Problem problems={drawing.problems} at={`acts.${n}.values.${k}`} />
            </div>
          )}
        </SettingList>
      </div>
      <Problem problems={drawing.problems} at={`acts.${n}.values`} />
    </>
  )
} // prettier-ignore

function Message({ drawing, act, n, onChange }: ActProps<ActOf<'message'>>) {
  const { desk, resource, problems } = drawing
  const at = `acts.${n}`
  const none: ClientResource = { fields: {}, owner: {}, label: '' } as unknown as ClientResource
  const types = { resources: new Map(desk.types.map((type) => [type.name, type])) }
  const fields = resource ? [['type', '记录类型'] as const, ...sayable(types, resource).map(([key, { label }]) => [key, label] as const)] : []
  return (
    <>
      <div className="x-set">
        <span className="a-label">告诉谁</span>
        <ReceiversInput opened={desk} resource={resource ?? none} value={act.whom} at={`${at}.whom`} problems={problems} isEach onChange={(whom) => onChange({ ...act, whom })} />
      </div>
      <Words label="标题" value={act.title} fields={fields} onChange={(title) => onChange({ ...act, title }, 'title')} />
      <Problem problems={problems} at={`${at}.title`} />
      <Words label="正文" part="text" value={act.text} fields={fields} onChange={(text) => onChange({ ...act, text }, 'text')} />
      <Problem problems={problems} at={`${at}.text`} />
    </>
  )
} // prettier-ignore
function Call({ drawing, act, n, name, onChange }: ActProps<ActOf<'webhook'>>) {
  const { desk, resource, problems } = drawing
  return (
    <>
      <Setting label="地址" hint="以 POST 发送 JSON，带签名；没有送达会隔一段时间再发，共 8 次">
        {(id) => <Input id={id} maxLength={500} placeholder="https://主机/路径" value={act.url} onChange={(event) => onChange({ ...act, url: event.target.value }, 'url')} />}
      </Setting>
      <Problem problems={problems} at={`acts.${n}.url`} />
      {resource && (
        <Setting label="带上哪些字段" hint="受保护的字段不能带出">
          {(id) => <Select id={id} mode="multiple" className="x-set-wide" placeholder="只带记录编号" value={[...act.fields]} options={fieldOptions(resource, isTakeable)} showSearch={{ optionFilterProp: 'label' }} onChange={(fields) => onChange({ ...act, fields })} />}
        </Setting>
      )}
      <Problem problems={problems} at={`acts.${n}.fields`} />
      <Secret desk={desk} name={name} />
    </>
  )
} // prettier-ignore
