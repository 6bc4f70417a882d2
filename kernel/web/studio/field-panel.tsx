import { CopyOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { kindLabels, kindOf, momentWordOf, momentWords, type DesignNames, type FieldKind } from '#model'
import {
  aligns,
  fieldOf,
  isHigh,
  isIndexable,
  newKey,
  optionSpecs,
  widths,
  type Align,
  type FieldDesign,
  type Width,
} from '#kernel/model/designs/index.ts'
import { Button, Dropdown, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import { InputOf } from '../fields/index.ts'
import { Setting, SettingGroup, SettingSwitch } from '../flows/design/panel/set.tsx'
import { derivedWords, type BoardField } from './board.ts'
import { ChoicesInput } from './choices-input.tsx'
import { DerivedPanel } from './derived-panel.tsx'
import { OptionInput } from './option-input.tsx'
import { WhenInput } from './when-input.tsx'
import { optionsOf } from '../parts/options-of.ts'

interface Props {
  field: BoardField
  fields: readonly FieldDesign[]
  names: DesignNames
  /** The type that is drawn. */
  type: string
  /** What is wrong with it, by what follows its place: `label`, `options.expression`. */
  problemAt: (path: string) => string | undefined
  /** The product works with it: it cannot be stopped. */
  isNeeded?: boolean
  /** The product asks for it: it cannot be left out. */
  isRequired?: boolean
  keptChoices?: readonly string[]
  /** It was put there just now: its name is written first. */
  isNew?: boolean
  onChange: (part: Partial<BoardField>, about?: string) => void
  onCopy: () => void
  onRemove: () => void
}
/** All that can be said of one field. */
export function FieldPanel(props: Props) {
  const { field, fields, names, problemAt, onChange } = props
  const kind = kindOf(fieldOf(field))
  const isStopped = (field as { hidden?: boolean }).hidden === true
  const others = fields.filter(({ key, kind: of }) => key !== field.key && of !== 'password')
  const text = (name: 'help' | 'placeholder', label: string, most: number) => (
    <Setting label={label}>{(id) => <Input id={id} maxLength={most} value={field[name] ?? ''} onChange={(event) => onChange({ [name]: event.target.value || undefined }, name)} />}</Setting>
  )
  return (
    <div className="x-field-panel">
      <header className="x-row">
        <h3>{field.derived ? derivedWords['lookup' in field.derived ? 'lookup' : 'rollUp'] : kindLabels[field.kind]}{field.isBase && <small> 系统字段</small>}</h3>
        <Button size="small" type="text" icon={<CopyOutlined />} aria-label="复制这个字段" onClick={props.onCopy} />
        {!field.isBase && <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label="删除这个字段" onClick={props.onRemove} />}
      </header>
      <Setting label="名称" problem={problemAt('label') ?? null}>
        {(id) => <Input id={id} autoFocus={props.isNew === true} onFocus={(event) => props.isNew && event.target.select()} maxLength={60} value={field.label} status={problemAt('label') ? 'error' : ''} onChange={(event) => onChange({ label: event.target.value }, 'label')} />}
      </Setting>
      {!kind.isComputed && !field.derived && (
        <SettingSwitch label="必填" value={field.required} onChange={(required) => !props.isRequired && onChange({ required })} {...(props.isRequired ? { hint: '系统要求必填' } : {})} />
      )}
      {field.isBase && <SettingSwitch label="停用" value={isStopped} {...(props.isNeeded ? { hint: '系统要用到，不能停用' } : {})} onChange={(hidden) => !props.isNeeded && onChange({ hidden } as Partial<BoardField>)} />}
      {field.isBase ? <BaseOptions {...props} /> : field.derived ? <DerivedPanel field={field} fields={others} names={names} type={props.type} problem={problemAt('')} onChange={onChange} /> : <Options field={field} fields={others} names={names} problemAt={problemAt} onChange={onChange} />}
      <Setting label="宽度">{() => <Segmented<Width | 0> block size="small" value={field.width ?? 0} options={[{ value: 0, label: '自动' }, ...([1, 2, 3, 4] as const).map((value) => ({ value, label: widths[value].replace('四分之一', '1/4').replace('四分之三', '3/4') }))]} onChange={(width) => onChange({ width: width || undefined })} />}</Setting>
      {!field.derived && isHigh(field.kind) && <Setting label="高度（行）" hint="打开时先显示这么多行">{(id) => <InputNumber id={id} className="x-set-wide" min={2} max={40} precision={0} value={field.height ?? null} placeholder="自动" onChange={(height) => onChange({ height: height ?? undefined })} />}</Setting>}
      {field.kind !== 'rows' && <Setting label="对齐">{() => <Segmented<Align | ''> block size="small" value={field.align ?? ''} options={[{ value: '', label: '自动' }, ...optionsOf(aligns)]} onChange={(align) => onChange({ align: align || undefined })} />}</Setting>}
      {text('help', '说明', 500)}
      {!kind.isComputed && text('placeholder', '提示文字', 100)}
      {!kind.isComputed && !kind.isWriteOnly && !kind.holdsFiles && !['rows', 'signature', 'richText'].includes(field.kind) && !field.derived && <Default field={field} problem={problemAt('default')} onChange={onChange} />}
      <SettingGroup title="显示与必填的条件" isOpen={Boolean(field.visibleWhen || field.requiredWhen)}>
        <WhenInput label="满足以下条件才显示" value={field.visibleWhen ?? ''} fields={others} problem={problemAt('visibleWhen')} onChange={(visibleWhen) => onChange({ visibleWhen: visibleWhen || undefined }, 'visibleWhen')} />
        {!kind.isComputed && <WhenInput label="满足以下条件时必填" value={field.requiredWhen ?? ''} fields={others} problem={problemAt('requiredWhen')} onChange={(requiredWhen) => onChange({ requiredWhen: requiredWhen || undefined }, 'requiredWhen')} />}
      </SettingGroup>
      {!field.isBase && <More field={field} fields={fields} names={names} onChange={onChange} problem={problemAt('class') ?? problemAt('from') ?? problemAt('')} />}
    </div>
  )
} // prettier-ignore

type Change = Props['onChange']
/** What a kind of its own asks for, each as its option is described. */
function Options({ field, fields, names, problemAt, onChange }: Pick<Props, 'field' | 'fields' | 'names' | 'problemAt' | 'onChange'>) {
  const specs = Object.entries(optionSpecs[field.kind])
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = field.options
    onChange({ options: value === undefined ? rest : { ...rest, [name]: value } }, `options.${name}`)
  }
  return (
    <>
      {specs.map(([name, spec]) => spec && <OptionInput key={name} spec={spec} value={field.options[name]} names={names} field={field} fields={fields} problem={problemAt(`options.${name}`)} onChange={(value) => set(name, value)} />)}
      {field.kind === 'rows' && <Columns field={field} names={names} problemAt={problemAt} onChange={onChange} />}
    </>
  )
} // prettier-ignore
/** Of a field of the product: its choices, and nothing else of its kind. */
function BaseOptions({ field, problemAt, keptChoices, onChange }: Props) {
  const { choices } = field.options as { choices?: Record<string, string>; of?: string }
  if (!choices || field.options['of']) return null
  return (
    <ChoicesInput
      value={choices}
      kept={keptChoices ?? []}
      problem={problemAt('options.choices')}
      onChange={(next) => onChange({ options: { ...field.options, choices: next } }, 'options.choices')}
    />
  )
}

const columnKinds: readonly FieldKind[] = [
  'text',
  'longText',
  'integer',
  'decimal',
  'money',
  'date',
  'dateTime',
  'choice',
  'choices',
  'boolean',
  'person',
  'unit',
  'reference',
  'formula',
  'files',
  'image',
  'phone',
  'rating',
  'url',
]
/** The columns of a sub-table, each with what its kind asks for. */
function Columns({ field, names, problemAt, onChange }: { field: BoardField; names: DesignNames; problemAt: Props['problemAt']; onChange: Change }) {
  const columns = (field.options['fields'] ?? []) as readonly FieldDesign[]
  const totals = (field.options['totals'] ?? {}) as Record<string, string>
  const [open, setOpen] = useState<string | null>(null)
  const [newest, setNewest] = useState<string | null>(null)
  const set = (next: readonly FieldDesign[], about?: string) => onChange({ options: { ...field.options, fields: next } }, about)
  const add = (kind: FieldKind) => {
    let label = kindLabels[kind]
    for (let n = 2; columns.some((one) => one.label === label); n++) label = `${kindLabels[kind]}${n}`
    const options = kind === 'choice' || kind === 'choices' ? { choices: { a: '选项一', b: '选项二' } } : kind === 'decimal' || kind === 'money' ? { scale: 2 } : kind === 'formula' ? { expression: '', result: 'decimal', scale: 2 } : kind === 'reference' ? { target: 'staff.practitioner' } : {}
    const column: FieldDesign = { key: newKey(), kind, label, required: false, options }
    set([...columns, column])
    setOpen(column.key)
    setNewest(column.key)
  }
  return (
    <div className="x-set">
      <span>列</span>
      {columns.map((one, at) => {
        const place = (path: string) => problemAt(`options.fields.${at}.${path}`)
        const change = (part: Partial<FieldDesign>, about?: string) => set(columns.with(at, { ...one, ...part }), about && `${one.key}.${about}`)
        return (
          <details key={one.key} className="x-column" open={open === one.key}>
            <summary onClick={(event) => (event.preventDefault(), setOpen(open === one.key ? null : one.key))}>
              {one.label || '未命名'} <small>{kindLabels[one.kind]}</small>
              <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`删除列 ${one.label}`} onClick={(event) => (event.preventDefault(), event.stopPropagation(), set(columns.toSpliced(at, 1)))} />
            </summary>
            <Setting label="列名" problem={place('label') ?? null}>{(id) => <Input id={id} autoFocus={newest === one.key} onFocus={(event) => event.target.select()} maxLength={60} value={one.label} onChange={(event) => change({ label: event.target.value }, 'label')} />}</Setting>
            <SettingSwitch label="必填" value={one.required} onChange={(required) => change({ required })} />
            <Options field={one} fields={columns.filter(({ key }) => key !== one.key)} names={names} problemAt={place} onChange={change} />
            {['integer', 'decimal', 'money'].includes(one.kind) && (
              <SettingSwitch label="表尾合计" value={totals[one.key] === 'sum'} onChange={(on) => { const { [one.key]: _, ...rest } = totals; onChange({ options: { ...field.options, totals: on ? { ...rest, [one.key]: 'sum' } : rest } }) }} />
            )}
          </details>
        )
      })}
      <Dropdown trigger={['click']} menu={{ className: 'x-studio-menu', items: columnKinds.map((kind) => ({ key: kind, label: kindLabels[kind] })), onClick: ({ key }) => add(key as FieldKind) }}>
        <Button size="small" type="dashed" icon={<PlusOutlined />}>添加列</Button>
      </Dropdown>
    </div>
  )
} // prettier-ignore

function Default({ field, problem, onChange }: { field: BoardField; problem: string | undefined; onChange: Change }) {
  const word = momentWordOf(fieldOf(field))
  if (word) return <SettingSwitch label={`默认为${momentWords[word]}`} value={field.default === word} onChange={(on) => onChange({ default: on ? word : undefined })} />
  if (['reference', 'references', 'tree', 'members'].includes(field.kind)) return null
  return (
    <Setting label="默认值" problem={problem ?? null}>
      {(id) => <InputOf id={id} field={fieldOf({ ...field, required: false })} value={field.default ?? null} isInvalid={problem !== undefined} isDisabled={false} describedBy="" onChange={(value) => onChange({ default: value ?? undefined }, 'default')} onBlur={() => undefined} />}
    </Setting>
  )
} // prettier-ignore

/** What is seldom needed: class, search, where a value comes from. */
function More({ field, fields, names, problem, onChange }: { field: BoardField; fields: readonly FieldDesign[]; names: DesignNames; problem: string | undefined; onChange: Change }) {
  const kind = kindOf(fieldOf(field))
  // Copied when the record is made, from a record that another field names.
  const sources = fields.filter(({ key, options }) => key !== field.key && typeof targetOf(options, key, fields) === 'string').flatMap((one) => {
    const type = names.types.find(({ name }) => name === targetOf(one.options, one.key, fields))
    return (type?.fields ?? []).filter((of) => of.kind === field.kind).map((of) => ({ value: `${one.key}.${of.key}`, label: `${one.label}的${of.label}` }))
  })
  return (
    <SettingGroup title="更多" isOpen={Boolean(field.class || field.from || field.derived)}>
      {!kind.isComputed && <Setting label="密级" hint="敏感及以上加密保存，按权限遮盖" problem={problem ?? null}>{(id) => <Select id={id} allowClear className="x-set-wide" placeholder="内部" value={field.class} options={optionsOf({ public: '公开', internal: '内部', sensitive: '敏感', highlySensitive: '高敏感' })} onChange={(value) => onChange({ class: value })} />}</Setting>}
      {sources.length > 0 && <Setting label="选了对方后自动带入" hint="新建时从所选记录复制，之后可以修改">{(id) => <Select id={id} allowClear className="x-set-wide" showSearch={{ optionFilterProp: 'label' }} value={field.from} options={sources} onChange={(from) => onChange({ from })} />}</Setting>}
      {['text', 'autoNumber', 'phone', 'barcode'].includes(field.kind) && <SettingSwitch label="可以搜索" value={field.search === true} onChange={(on) => onChange({ search: on || undefined })} />}
      {isIndexable(field) && <SettingSwitch label="建索引" hint="记录很多、常按它筛选或排序时打开" value={field.indexed === true} onChange={(on) => onChange({ indexed: on || undefined })} />}
      {!kind.isComputed && <SettingSwitch label="只读" hint="只由系统和导入写入" value={field.readOnly === true} onChange={(on) => onChange({ readOnly: on || undefined })} />}
    </SettingGroup>
  )
} // prettier-ignore
const targetOf = (options: Readonly<Record<string, unknown>>, key: string, fields: readonly FieldDesign[]): unknown => {
  const { kind } = fields.find((one) => one.key === key) ?? {}
  return kind === 'person'
    ? 'directory.person'
    : kind === 'unit'
      ? 'directory.unit'
      : kind === 'reference' || kind === 'tree'
        ? options['target']
        : undefined
}
