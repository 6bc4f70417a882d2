import {
  blockLabels,
  kindOf,
  placedKinds,
  printBounds,
  printWords,
  type PaperPlace,
  type PrintBlock,
  type PrintStyle,
  type PrintType,
} from '#model'
import { Button, Input, InputNumber, Select, Switch } from 'antd'
import { Faults } from './faults.tsx'
import { PictureInput } from './picture-input.tsx'
import { columnKeys } from './new-block.ts'
import type { Drawing } from './use-drawing.ts'

interface Props {
  block: PrintBlock
  drawing: Drawing
  type: PrintType
}
/** Everything that can be said of the chosen block. */
export function BlockPanel({ block, drawing, type }: Props) {
  const put = (part: object, about?: string) => drawing.changeBlock(block.id, part, about)
  const place: PaperPlace = block.at ?? { x: drawing.template.paper.margins[3], y: drawing.template.paper.margins[0], width: 60, height: 20, on: 'first' }
  return (
    <aside className="x-card d-panel" aria-label={blockLabels[block.kind]}>
      <h2>{blockLabels[block.kind]}</h2>
      <Faults faults={drawing.faultsOf(block.id)} />
      <Own block={block} put={put} type={type} />
      {'style' in block && <Style style={block.style} put={(part, about) => put({ style: { ...block.style, ...part } }, about)} />}
      {placedKinds.has(block.kind) && block.kind !== 'box' && (
        <label className="d-check">
          <Switch size="small" checked={block.at !== null} onChange={(isPlaced) => put({ at: isPlaced ? place : null })} />
          固定位置
        </label>
      )}
      {block.at && <Where place={block.at} put={(part) => put({ at: { ...block.at, ...part } }, 'place')} />}
      <label>
        有内容时才打印
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder="总是打印" value={block.when} options={fieldOptions(type)} onChange={(when?: string) => put({ when: when ?? null })} />
      </label>
      <Button danger onClick={() => drawing.removeBlock(block.id)}>
        删除
      </Button>
    </aside>
  )
} // prettier-ignore

type Put = (part: object, about?: string) => void
const fieldOptions = (type: PrintType, fits: (kind: string) => boolean = () => true) =>
  Object.entries(type.fields).filter(([, field]) => fits(field.kind) && !kindOf(field).isWriteOnly).map(([value, { label }]) => ({ value, label })) // prettier-ignore
/** Fields, and those of what the record points at. */
const namesOf = (type: PrintType) => [
  ...fieldOptions(type, (kind) => kind !== 'rows'),
  ...Object.entries(type.fields).flatMap(([key, field]) => {
    const target = 'target' in field.options ? type.targets[String(field.options.target)] : undefined
    return Object.entries(target?.fields ?? {}).filter(([, one]) => one.kind !== 'rows' && !kindOf(one).isWriteOnly).map(([inner, one]) => ({ value: `${key}.${inner}`, label: `${field.label} · ${one.label}` }))
  }),
  ...Object.keys(printWords).map((value) => ({ value, label: value })),
] // prettier-ignore

function Own({ block, put, type }: { block: PrintBlock; put: Put; type: PrintType }) {
  const height = 'height' in block && (
    <label>
      高（毫米）
      <InputNumber min={1} max={400} value={block.height} onChange={(value) => put({ height: value ?? 10 }, 'height')} />
    </label>
  )
  switch (block.kind) {
    case 'text':
      return <Words label="文字" value={block.text} put={(text) => put({ text }, 'text')} type={type} />
    case 'code':
      return (
        <>
          <label>
            种类
            <Select value={block.symbology} options={[{ value: 'qr', label: '二维码' }, { value: 'code128', label: '条形码 128' }, { value: 'ean13', label: 'EAN-13' }]} onChange={(symbology) => put({ symbology })} />
          </label>
          <Words label="内容" value={block.text} put={(text) => put({ text }, 'text')} type={type} />
          {height}
        </>
      )
    case 'form':
      return (
        <>
          <Heading value={block.heading} put={put} />
          <label>
            字段
            <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} value={[...block.fields]} options={namesOf(type)} onChange={(fields) => put({ fields })} />
          </label>
          <label>
            每行几项
            <InputNumber min={1} max={3} value={block.columns} onChange={(columns) => put({ columns: columns ?? 2 })} />
          </label>
          <label className="d-check">
            <Switch size="small" checked={block.leavesOutEmpty} onChange={(leavesOutEmpty) => put({ leavesOutEmpty })} />
            没有填的不打印
          </label>
        </>
      )
    case 'table':
      return <Table block={block} put={put} type={type} />
    case 'approval':
      return <Heading value={block.heading} put={put} />
    case 'picture':
      return (
        <>
          <label>
            字段
            <Select allowClear placeholder="模板自带的图片" value={block.field} options={fieldOptions(type, (kind) => kind === 'image' || kind === 'files')} onChange={(field?: string) => put({ field: field ?? null })} />
          </label>
          {block.field === null && <PictureInput label="图片" value={block.image} onChange={(image) => put({ image })} />}
          {height}
        </>
      )
    case 'signature':
      return (
        <>
          <label>
            前面的字
            <Input maxLength={60} value={block.label} onChange={(event) => put({ label: event.target.value }, 'label')} />
          </label>
          <label>
            谁的签名
            <Select
              value={block.field !== null ? `field ${block.field}` : block.step !== null ? `step ${block.step}` : null}
              options={[...fieldOptions(type, (kind) => kind === 'signature').map(({ value, label }) => ({ value: `field ${value}`, label })), ...type.steps.map((step) => ({ value: `step ${step}`, label: `审批：${step}` }))]}
              onChange={(who: string) => put(who.startsWith('field ') ? { field: who.slice(6), step: null } : { field: null, step: who.slice(5) })}
            />
          </label>
          {height}
        </>
      )
    case 'seal':
      return (
        <>
          <label>
            印章
            <Select value={block.seal} options={[...new Set([block.seal, ...type.seals])].filter(Boolean).map((value) => ({ value, label: value }))} onChange={(seal) => put({ seal })} />
          </label>
          <PictureInput label="印章图片" value={block.image} onChange={(image) => put({ image })} />
          <p className="x-faint x-small">只有审批中办理了“盖章”并登记用印，纸上才会出现印章。</p>
          {height}
        </>
      )
    case 'line':
    case 'box':
      return (
        <div className="d-pair">
          <label>
            粗细（磅）
            <InputNumber min={0.1} max={10} step={0.5} value={block.weight} onChange={(weight) => put({ weight: weight ?? 0.5 })} />
          </label>
          <label>
            颜色
            <input type="color" value={block.colour} onChange={(event) => put({ colour: event.target.value }, 'colour')} />
          </label>
        </div>
      )
    case 'verify':
    case 'space':
      return height
    case 'break':
      return null
  }
} // prettier-ignore
function Heading({ value, put }: { value: string; put: Put }) {
  return (
    <label>
      标题
      <Input maxLength={100} value={value} onChange={(event) => put({ heading: event.target.value }, 'heading')} />
    </label>
  )
}
function Words({ label, value, put, type }: { label: string; value: string; put: (text: string) => void; type: PrintType }) {
  return (
    <>
      <label>
        {label}
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 12 }} maxLength={printBounds.text} value={value} onChange={(event) => put(event.target.value)} />
      </label>
      <Select aria-label="插入字段" placeholder="插入字段" showSearch={{ optionFilterProp: 'label' }} value={null} options={namesOf(type)} onChange={(name: string) => put(`${value}{${name}}`)} />
    </>
  )
} // prettier-ignore
function Table({ block, put, type }: { block: Extract<PrintBlock, { kind: 'table' }>; put: Put; type: PrintType }) {
  const fields = (type.fields[block.rows]?.options as { fields?: Record<string, { label: string }> } | undefined)?.fields ?? {}
  const choose = (rows: string) => put({ rows, heading: type.fields[rows]?.label ?? '', columns: columnKeys(type, rows).map((field) => ({ field, width: null })) })
  return (
    <>
      <label>
        明细表
        <Select value={block.rows || null} options={fieldOptions(type, (kind) => kind === 'rows')} onChange={choose} />
      </label>
      <Heading value={block.heading} put={put} />
      <label>
        列
        <Select
          mode="multiple"
          value={block.columns.map(({ field }) => field)}
          options={Object.entries(fields).map(([value, { label }]) => ({ value, label }))}
          onChange={(keys: string[]) => put({ columns: keys.map((field) => ({ field, width: block.columns.find((one) => one.field === field)?.width ?? null })) })}
        />
      </label>
      {block.columns.map((column, at) => (
        <label key={column.field}>
          “{fields[column.field]?.label ?? column.field}”宽（毫米，不填为自动）
          <InputNumber min={4} max={400} value={column.width} onChange={(width) => put({ columns: block.columns.map((one, n) => (n === at ? { ...one, width } : one)) }, 'width')} />
        </label>
      ))}
      <label className="d-check">
        <Switch size="small" checked={block.isNumbered} onChange={(isNumbered) => put({ isNumbered })} />
        打印序号
      </label>
    </>
  )
} // prettier-ignore
function Style({ style, put }: { style: PrintStyle; put: (part: Partial<PrintStyle>, about?: string) => void }) {
  return (
    <fieldset>
      <div className="d-pair">
        <label>
          字号（磅）
          <InputNumber min={printBounds.size.min} max={printBounds.size.max} step={0.5} value={style.size} onChange={(size) => put({ size: size ?? 10.5 }, 'size')} />
        </label>
        <label>
          行距
          <InputNumber min={0.8} max={4} step={0.1} value={style.leading} onChange={(leading) => put({ leading: leading ?? 1.3 }, 'leading')} />
        </label>
        <label>
          字体
          <Select value={style.font} options={[{ value: 'sans', label: '黑体' }, { value: 'serif', label: '宋体' }]} onChange={(font) => put({ font })} />
        </label>
        <label>
          对齐
          <Select value={style.align} options={[{ value: 'left', label: '左' }, { value: 'center', label: '中' }, { value: 'right', label: '右' }]} onChange={(align) => put({ align })} />
        </label>
        <label className="d-check">
          <Switch size="small" checked={style.bold} onChange={(bold) => put({ bold })} />
          加粗
        </label>
        <label className="d-check">
          <Switch size="small" checked={style.isIndented} onChange={(isIndented) => put({ isIndented })} />
          首行缩进
        </label>
        <label>
          颜色
          <input type="color" value={style.colour} onChange={(event) => put({ colour: event.target.value }, 'colour')} />
        </label>
      </div>
    </fieldset>
  )
} // prettier-ignore
function Where({ place, put }: { place: PaperPlace; put: (part: Partial<PaperPlace>) => void }) {
  const side = (key: 'x' | 'y' | 'width' | 'height', label: string) => (
    <label>
      {label}
      <InputNumber min={0} max={420} step={0.5} value={place[key]} onChange={(value) => put({ [key]: value ?? 0 })} />
    </label>
  )
  return (
    <fieldset>
      <div className="d-pair">
        {side('x', '左（毫米）')}
        {side('y', '上（毫米）')}
        {side('width', '宽（毫米）')}
        {side('height', '高（毫米）')}
      </div>
      <Select aria-label="哪些页" value={place.on} options={[{ value: 'first', label: '只在第一页' }, { value: 'every', label: '每一页' }]} onChange={(on) => put({ on })} />
    </fieldset>
  )
} // prettier-ignore
