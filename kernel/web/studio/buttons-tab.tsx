import { buttonWords, isGiven, kindOf, momentWordOf, type ActionButton, type ButtonValue, type ButtonWork, type DesignNames } from '#model'
import { fieldOf, type FieldDesign } from '#kernel/model/designs/index.ts'
import { Checkbox, Input, Select } from 'antd'
import { Setting, SettingList } from '../flows/design/panel/set.tsx'
import { InputOf } from '../fields/index.ts'
import { ExpressionInput, WhenInput } from './when-input.tsx'
import './limits.css'

interface Props {
  type: string
  buttons: readonly ActionButton[]
  fields: readonly FieldDesign[]
  names: DesignNames
  problemAt: (path: string) => string | undefined
  onChange: (buttons: ActionButton[]) => void
}
const works = { set: '设置字段', begin: '新建另一种记录', print: '打印', open: '打开网址' } as const
type Work = keyof typeof works
const workOf = ({ does }: ActionButton): Work => ('set' in does ? 'set' : 'begin' in does ? 'begin' : 'print' in does ? 'print' : 'open')
const emptyWork: Readonly<Record<Work, ButtonWork>> = {
  set: { set: {} },
  begin: { begin: '', fill: {} },
  print: { print: '' },
  open: { open: '' },
}
const options = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }))
const named = (fields: readonly { key: string; label: string }[]) => fields.map(({ key, label }) => ({ value: key, label }))
function newName(buttons: readonly ActionButton[]): string {
  let number = buttons.length + 1
  while (buttons.some(({ name }) => name === `b${number}`)) number++
  return `b${number}`
}

/** 按钮: acts of one's own on a record. */
export function ButtonsTab({ type, buttons, fields, names, problemAt, onChange }: Props) {
  return (
    <div className="x-card x-studio-form">
      <p className="x-muted">按钮显示在记录页上方，条件成立时才出现；以点按的人自己的权限办理，须经审批的记录提交变更申请。</p>
      <SettingList items={buttons} most={20} addLabel="添加按钮" onChange={(next) => onChange([...next])} add={(): ActionButton => ({ name: newName(buttons), label: '', does: { set: {} } })}>
        {(button, change, at) => {
          const problem = problemAt(`buttons.${at}.label`) ?? problemAt(`buttons.${at}.many`) ?? ('set' in button.does && Object.keys(button.does.set).length > 0 ? undefined : problemAt(`buttons.${at}.does`))
          const set = (part: Partial<ActionButton>) => change(Object.fromEntries(Object.entries({ ...button, ...part }).filter(([, value]) => value !== undefined && value !== '' && value !== false)) as unknown as ActionButton)
          return (
            <div className="x-grant" role="group" aria-label={`按钮 ${at + 1}`}>
              <span className="x-row">
                <Input aria-label={`按钮 ${at + 1} 上的字`} placeholder="按钮上的字，如 归还" maxLength={12} value={button.label} onChange={(event) => change({ ...button, label: event.target.value })} />
                <Select aria-label={`按钮 ${at + 1} 做什么`} value={workOf(button)} options={options(works)} popupMatchSelectWidth={160} onChange={(work: Work) => set({ does: emptyWork[work], ...(work === 'set' ? {} : { many: false }) })} />
              </span>
              <WorkInput type={type} button={button} at={at} fields={fields} names={names} problemAt={problemAt} onChange={(does) => change({ ...button, does })} />
              <WhenInput label={`按钮 ${at + 1} 何时出现`} value={button.when ?? ''} fields={fields} problem={problemAt(`buttons.${at}.when`)} onChange={(when) => set({ when })} />
              <Input aria-label={`按钮 ${at + 1} 点按前的提问`} placeholder="点按前再问一句（可不填）" maxLength={200} value={button.confirm ?? ''} onChange={(event) => set({ confirm: event.target.value })} />
              {workOf(button) === 'set' && <Checkbox checked={button.many === true} onChange={(event) => set({ many: event.target.checked })}>在列表中也能对选中的多条使用</Checkbox>}
              {problem && <p className="x-problem" role="alert">{problem}</p>}
            </div>
          )
        }}
      </SettingList>
    </div>
  )
} // prettier-ignore

interface WorkProps extends Omit<Props, 'buttons' | 'onChange'> {
  button: ActionButton
  at: number
  onChange: (does: ButtonWork) => void
}
function WorkInput({ type, button: { does }, at, fields, names, problemAt, onChange }: WorkProps) {
  if ('set' in does) return <SetInput set={does.set} at={at} fields={fields} problemAt={problemAt} onChange={(set) => onChange({ set })} />
  if ('begin' in does) return <BeginInput type={type} does={does} at={at} fields={fields} names={names} onChange={onChange} />
  if ('open' in does) return <AddressInput address={does.open} fields={fields} onChange={(open) => onChange({ open })} />
  if ('print' in does) {
    const own = names.prints.filter(({ resource }) => resource === type).map(({ name, label }) => ({ value: name, label }))
    return <Select aria-label={`按钮 ${at + 1} 用哪个模板`} className="x-set-wide" value={does.print} options={[{ value: '', label: '标准版式' }, { value: 'label', label: '标签' }, ...own]} onChange={(print: string) => onChange({ print })} />
  }
  return null
} // prettier-ignore

/** An address; fields stand in it by their labels, and are kept by their keys. */
function AddressInput({ address, fields, onChange }: { address: string; fields: readonly FieldDesign[]; onChange: (address: string) => void }) {
  const named = (text: string, from: 'key' | 'label', to: 'key' | 'label') => text.replace(/\{([^{}]*)\}/g, (whole, name: string) => { const found = fields.find((one) => one[from] === name); return found ? `{${found[to]}}` : whole })
  const shown = named(address, 'key', 'label')
  const set = (text: string) => onChange(named(text, 'label', 'key'))
  return (
    <Setting label="网址" hint="{字段名称} 换成记录的值，{id} 换成记录的编号；以 / 开头打开本系统的页面">
      {(id) => (
        <span className="x-row">
          <Input id={id} maxLength={500} placeholder="https://" value={shown} onChange={(event) => set(event.target.value)} />
          <Select aria-label="插入字段" value={null} placeholder="插入字段" options={fields.map(({ label }) => ({ value: label, label }))} popupMatchSelectWidth={180} onChange={(label: string) => set(`${shown}{${label}}`)} />
        </span>
      )}
    </Setting>
  )
} // prettier-ignore

const wayOf = (given: ButtonValue): string => ('word' in given ? given.word : 'expression' in given ? 'expression' : 'value')
/** Which ways a field can be set: a fixed value, a formula, and the words of the moment that fit its kind. */
function waysOf(field: FieldDesign): { value: string; label: string }[] {
  const word = momentWordOf(fieldOf(field))
  return [
    { value: 'value', label: '固定值' },
    ...(word ? [{ value: word, label: buttonWords[word] }] : []),
    { value: 'expression', label: '公式' },
    ...(field.required ? [] : [{ value: 'empty', label: buttonWords.empty }]),
  ]
}
interface SetProps {
  set: Readonly<Record<string, ButtonValue>>
  at: number
  fields: readonly FieldDesign[]
  problemAt: (path: string) => string | undefined
  onChange: (set: Record<string, ButtonValue>) => void
}
function SetInput({ set, at, fields, problemAt, onChange }: SetProps) {
  const offered = fields.filter((one) => one.kind !== 'rows' && !isGiven(fieldOf(one)) && !kindOf(fieldOf(one)).isWriteOnly)
  const rest = offered.filter(({ key }) => !Object.hasOwn(set, key))
  const first = (key: string): ButtonValue => {
    const way = waysOf(offered.find((one) => one.key === key)!).find(({ value }) => value in buttonWords && value !== 'empty')
    return way ? { word: way.value as keyof typeof buttonWords } : { value: null }
  }
  return (
    <div className="x-set">
      <span>点按后设置</span>
      <SettingList
        items={Object.entries(set)}
        most={Math.min(20, offered.length)}
        addLabel="添加字段"
        add={(): [string, ButtonValue] => [rest[0]!.key, first(rest[0]!.key)]}
        onChange={(entries) => onChange(Object.fromEntries(entries))}
      >
        {([key, given], change, nth) => {
          const field = offered.find((one) => one.key === key)
          const label = `按钮 ${at + 1} 设置 ${nth + 1}`
          return (
            <div className="x-button-set">
              <Select aria-label={`${label} 字段`} value={key} options={named(offered.filter((one) => one.key === key || rest.includes(one)))} popupMatchSelectWidth={180} onChange={(next: string) => change([next, first(next)])} />
              {field && <Select aria-label={`${label} 怎样`} value={wayOf(given)} options={waysOf(field)} popupMatchSelectWidth={120}
                onChange={(way: string) => change([key, way === 'value' ? { value: null } : way === 'expression' ? { expression: '' } : { word: way as keyof typeof buttonWords }])} />}
              {field && 'value' in given && <InputOf id={`set ${at} ${nth}`} field={{ ...fieldOf(field), label: `${label} 值` }} value={given.value} onChange={(value) => change([key, { value }])} />}
              {field && 'expression' in given && <ExpressionInput label={`${label} 公式`} value={given.expression} fields={fields} onChange={(expression) => change([key, { expression }])} />}
              {problemAt(`buttons.${at}.does.set.${key}`) && <p className="x-problem" role="alert">{problemAt(`buttons.${at}.does.set.${key}`)}</p>}
            </div>
          )
        }}
      </SettingList>
    </div>
  )
} // prettier-ignore

interface BeginProps {
  type: string
  does: { readonly begin: string; readonly fill: Readonly<Record<string, string>> }
  at: number
  fields: readonly FieldDesign[]
  names: DesignNames
  onChange: (does: ButtonWork) => void
}
function BeginInput({ type, does, at, fields, names, onChange }: BeginProps) {
  const target = names.types.find(({ name }) => name === does.begin)
  const isSameTarget = (own: FieldDesign, to: string | undefined) => to === undefined || own.options['target'] === to || own.kind !== 'reference' // prettier-ignore
  /** What of this record fits a field of the other. */
  const fitting = (to: string) => {
    const into = target?.fields.find(({ key }) => key === to)
    const self = into?.target === type ? [{ value: 'id', label: '这条记录' }] : []
    return [...self, ...named(fields.filter((one) => one.kind === into?.kind && isSameTarget(one, into.target)))]
  }
  const fillable = (target?.fields ?? []).filter(({ key }) => fitting(key).length > 0)
  const rest = fillable.filter(({ key }) => !Object.hasOwn(does.fill, key))
  return (
    <div className="x-set">
      <Select aria-label={`按钮 ${at + 1} 新建什么`} className="x-set-wide" showSearch={{ optionFilterProp: 'label' }} placeholder="选择记录类型" value={does.begin || undefined} options={names.types.map(({ name, label }) => ({ value: name, label }))} onChange={(begin: string) => onChange({ begin, fill: {} })} />
      {fillable.length > 0 && (
        <SettingList items={Object.entries(does.fill)} most={fillable.length} addLabel="带入一项" add={(): [string, string] => [rest[0]!.key, fitting(rest[0]!.key)[0]!.value]} onChange={(entries) => onChange({ ...does, fill: Object.fromEntries(entries) })}>
          {([to, from], change, nth) => (
            <span className="x-row">
              <Select aria-label={`按钮 ${at + 1} 带入 ${nth + 1} 到`} value={to} options={named(fillable.filter(({ key }) => key === to || rest.some((one) => one.key === key)))} popupMatchSelectWidth={180} onChange={(next: string) => change([next, fitting(next)[0]!.value])} />
              取自
              <Select aria-label={`按钮 ${at + 1} 带入 ${nth + 1} 自`} value={from} options={fitting(to)} popupMatchSelectWidth={180} onChange={(next: string) => change([to, next])} />
            </span>
          )}
        </SettingList>
      )}
    </div>
  )
} // prettier-ignore
