import {
  labelPaper,
  paperLabels,
  paperOf,
  printBounds,
  stateLabels,
  type Edge,
  type FieldProblem,
  type Paper,
  type PaperSize,
  type PrintType,
  type RecordState,
} from '#model'
import { App, Button, Input, InputNumber, Select, Switch } from 'antd'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'
import { FileButton } from '../parts/file-button.tsx'
import { Faults } from './faults.tsx'
import { addressOf } from './picture-input.tsx'
import type { Drawing } from './use-drawing.ts'

const sides = ['上', '右', '下', '左'] as const
const edges: readonly (readonly [keyof Edge, string])[] = [['left', '左'], ['centre', '中'], ['right', '右']] // prettier-ignore
/** What holds for the whole template: its sheet, its heads and feet, who may use it when, and how the paper proves itself. */
export function SheetPanel({ drawing, type }: { drawing: Drawing; type: PrintType }) {
  const { template, change } = drawing
  const { paper } = template
  const resized = (size: PaperSize, isLying = paper.isLying): Paper => (size === 'label' ? labelPaper(60, 40) : paperOf(size, isLying, paper.size === 'label' ? undefined : paper.margins))
  const margin = (at: number, value: number | null) => change({ paper: { ...paper, margins: paper.margins.map((one, n) => (n === at ? (value ?? 0) : one)) as unknown as Paper['margins'] } }, `margin ${at}`)
  const shown = type.tellable.map((value) => ({ value, label: type.fields[value]!.label }))
  return (
    <aside className="x-card d-panel" aria-label="模板设置">
      <h2>模板设置</h2>
      <Faults faults={drawing.faultsOf(null)} />
      <label>
        名称
        <Input maxLength={60} value={template.label} onChange={(event) => change({ label: event.target.value }, 'label')} />
      </label>
      <div className="d-pair">
        <label>
          纸张
          <Select aria-label="纸张" value={paper.size} options={Object.entries(paperLabels).map(([value, label]) => ({ value: value as PaperSize, label }))} onChange={(size) => change({ paper: resized(size) })} />
        </label>
        {paper.size === 'label' ? null : (
          <label className="d-check">
            <Switch size="small" checked={paper.isLying} onChange={(isLying) => change({ paper: resized(paper.size, isLying) })} />
            横向
          </label>
        )}
        {paper.size === 'label' &&
          (['width', 'height'] as const).map((key) => (
            <label key={key}>
              {key === 'width' ? '宽（毫米）' : '高（毫米）'}
              <InputNumber {...printBounds.label} value={paper[key]} onChange={(value) => change({ paper: { ...paper, [key]: value ?? 40 } }, key)} />
            </label>
          ))}
        {sides.map((side, at) => (
          <label key={side}>
            {side}边距（毫米）
            <InputNumber {...printBounds.margin} value={paper.margins[at]} onChange={(value) => margin(at, value)} />
          </label>
        ))}
      </div>
      {(['header', 'footer'] as const).map((which) => (
        <fieldset key={which}>
          {which === 'header' ? '页眉' : '页脚'}
          {edges.map(([side, label]) => (
            <Input key={side} prefix={label} maxLength={200} aria-label={`${which === 'header' ? '页眉' : '页脚'}${label}`} value={template[which][side]} onChange={(event) => change({ [which]: { ...template[which], [side]: event.target.value } }, `${which} ${side}`)} />
          ))}
        </fieldset>
      ))}
      <label className="d-check">
        <Switch size="small" checked={template.watermark} onChange={(watermark) => change({ watermark })} />
        打印人的水印
      </label>
      <label>
        哪些角色可用
        <Select mode="multiple" placeholder="能打印这种记录的人都可用" value={[...template.roles]} options={type.roles.map(({ name, label }) => ({ value: name, label }))} onChange={(roles) => change({ roles })} />
      </label>
      <label>
        哪些状态可打印
        <Select mode="multiple" value={[...template.states]} options={Object.entries(stateLabels).map(([value, label]) => ({ value: value as RecordState, label }))} onChange={(states) => change({ states })} />
      </label>
      <label className="d-check">
        <Switch size="small" checked={template.verify !== null} onChange={(isOn) => change({ verify: isOn ? [] : null })} />
        扫码核验
      </label>
      {template.verify && (
        <label>
          核验时显示
          <Select mode="multiple" placeholder="只显示种类和日期" value={[...template.verify]} options={shown} onChange={(verify) => change({ verify })} />
        </label>
      )}
      <WordInput drawing={drawing} />
    </aside>
  )
} // prettier-ignore

/** A Word file in place of what is drawn; its placeholders are proved before it is taken. */
export function WordInput({ drawing: { template, change } }: { drawing: Drawing }) {
  const { message, modal } = App.useApp()
  async function take(file: File) {
    if (file.size > printBounds.wordBytes) return void message.error(`Word 文件不超过 ${printBounds.wordBytes / 1_000_000} MB`)
    try {
      const base64 = (await addressOf(file)).replace(/^[^,]*,/, '')
      const { names, problems } = await api.post<{ names: string[]; problems: FieldProblem[] }>('/api/print-templates/word', { resource: template.resource, base64, hasCode: template.verify !== null })
      const isTaken = () => change({ word: { name: file.name, names, base64 } })
      if (problems.length === 0) return isTaken()
      modal.error({ title: `“${file.name}”里有 ${problems.length} 处要改`, content: <Faults faults={problems.slice(0, 30)} />, okText: '知道了' })
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  const choose = (said: string) => (
    <FileButton label="Word 模板" accept=".docx" onFile={(file) => void take(file)}>
      {said}
    </FileButton>
  )
  return (
    <fieldset>
      Word 模板
      {template.word ? (
        <>
          <p>{template.word.name}</p>
          <div className="d-acts">
            {choose('更换')}
            <Button onClick={() => change({ word: null })}>不用 Word，改为在此设计</Button>
          </div>
        </>
      ) : (
        choose('上传 Word 模板（.docx）')
      )}
      <p className="x-faint x-small">
        在 Word 里写占位：{'{姓名}'}、{'{#明细}…{/明细}'}（表格行重复）、{'{?字段}…{/字段}'}（有内容才保留）、{'{%照片}'}、{'{%二维码}'}。
      </p>
    </fieldset>
  )
} // prettier-ignore
