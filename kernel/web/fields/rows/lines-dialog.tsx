import { UploadOutlined } from '@ant-design/icons'
import { tableEndings, type Field, type TableAnswer } from '#model'
import { Alert, Button, Input, Modal, Select, Spin, Switch } from 'antd'
import { useEffect, useState } from 'react'
import { api, newId } from '../../api/client.ts'
import { useBusy } from '../../parts/use-busy.ts'
import { FileButton } from '../../parts/file-button.tsx'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import { Sheet } from '../phone/sheet.tsx'
import { readBlock } from '../texts/block.ts'
import { readTexts, type ReadCell } from '../texts/read-texts.ts'
import { fillable, judged, linesOf, retarget, type LineRead, type Lines } from './lines.ts'
import './lines-dialog.css'

interface Props {
  field: Field<'rows'>
  /** How many more lines the table takes. */
  room: number
  /** What was pasted already. */
  text: string
  onTake: (rows: Record<string, unknown>[]) => void
  onClose: () => void
}
const mostShown = 200

/** Lines for a sub-table out of a spreadsheet or a file: each column is given its field, what means nothing is mended here, and all that is right goes in at once. */
export function LinesDialog({ field, room, text, onTake, onClose }: Props) {
  const { fields } = field.options
  const work = useLines(field)
  const { open } = work
  useEffect(() => {
    if (text) open(readBlock(text))
    // Read once: what was pasted when it opened.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
  const good = work.reads.filter(({ problems }) => problems.size === 0)
  const bad = work.reads.length - good.length
  const isTooMany = good.length > room
  const take = () => {
    onTake(good.map(({ cells }) => ({ id: newId(), ...Object.fromEntries([...cells].map(([key, cell]) => [key, cell.value])) })))
    onClose()
  }
  const label = work.lines ? `加入 ${good.length} 行` : '下一步'
  const isReady = work.lines !== null && !work.isBusy && good.length > 0 && !isTooMany
  const body = (
    <div className="x-lines-dialog">
      {work.lines ? <LinesTable field={field} work={work} bad={bad} /> : <LinesSource fields={fillable(fields)} work={work} />}
      {isTooMany && <Alert type="error" showIcon message={`最多还能加入 ${room} 行`} />}
    </div>
  )
  const title = `${field.label}：从表格加入`
  if (useIsPhone())
    return (
      <Sheet title={title} isTall onClose={onClose} act={isReady ? { label, run: take } : undefined}>
        {body}
      </Sheet>
    )
  return (
    <Modal open width={960} title={title} okText={label} okButtonProps={{ disabled: !isReady }} onOk={take} onCancel={onClose}>
      {body}
    </Modal>
  )
}

interface Work {
  lines: Lines | null
  reads: readonly LineRead[]
  isBusy: boolean
  open: (block: readonly (readonly string[])[]) => void
  openFile: (file: File) => void
  aim: (column: number, key: string | null) => void
  mend: (line: number, column: number, text: string) => void
  again: () => void
}
function useLines(field: Field<'rows'>): Work {
  const { fields } = field.options
  const [lines, setLines] = useState<Lines | null>(null)
  const [reads, setReads] = useState<readonly LineRead[]>([])
  const { isBusy, busily } = useBusy()
  const show = (next: Lines) =>
    busily(async () => {
      setReads(await readLines(next, field))
      setLines(next)
    })
  const mend = async (line: number, column: number, text: string) => {
    const key = lines?.targets[column]
    if (!lines || !key) return
    const [cell] = await readTexts([{ field: fields[key]!, text }])
    setLines({ ...lines, texts: lines.texts.map((row, at) => (at === line ? Object.assign([...row], { [column]: text }) : row)) })
    setReads(reads.map((read, at) => (at === line ? judged(new Map([...read.cells, [key, cell!]]), fields) : read)))
  }
  return {
    lines,
    reads,
    isBusy,
    open: (block) => void show(linesOf(block, fields)),
    openFile: (file) =>
      void busily(async () => {
        const form = new FormData()
        form.append('file', file, file.name)
        const { rows } = await api.post<TableAnswer>('/api/tables', form)
        await show(linesOf(rows, fields))
      }),
    aim: (column, key) => lines && void show(retarget(lines, column, key)),
    mend: (line, column, text) => void busily(() => mend(line, column, text)),
    again: () => setLines(null),
  }
}
async function readLines({ texts, targets }: Lines, { options: { fields } }: Field<'rows'>): Promise<LineRead[]> {
  const asked = texts.flatMap((row, line) =>
    targets.flatMap((key, column) => (key === null ? [] : [{ line, key, field: fields[key]!, text: row[column] ?? '' }])),
  )
  const read = await readTexts(asked)
  const cells = texts.map(() => new Map<string, ReadCell>())
  for (const [at, { line, key, text }] of asked.entries()) {
    // An empty cell is as if its column were not there: what is required is told of the line.
    if (text.trim()) cells[line]!.set(key, read[at]!)
    else if (fields[key]!.default !== undefined) cells[line]!.set(key, { value: fields[key]!.default })
  }
  return cells.map((line) => judged(line, fields))
}

function LinesSource({ fields, work }: { fields: readonly [string, Field][]; work: Work }) {
  const [text, setText] = useState('')
  return (
    <Spin spinning={work.isBusy}>
      <p className="x-muted">
        在表格软件里复制单元格，粘贴到下面。有表头的按表头对应，没有表头的按这个次序：{fields.map(([, field]) => field.label).join('、')}
      </p>
      <Input.TextArea
        aria-label="粘贴单元格"
        autoFocus
        rows={5}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text/plain')
          if (text || !/[\t\n]/.test(pasted.trim())) return
          event.preventDefault()
          work.open(readBlock(pasted))
        }}
      />
      <div className="x-lines-acts">
        <Button disabled={!text.trim()} onClick={() => work.open(readBlock(text))}>
          读取
        </Button>
        <span className="x-muted">或</span>
        <FileButton label="表格文件" accept={tableEndings} icon={<UploadOutlined />} onFile={(file) => work.openFile(file)}>
          选择文件
        </FileButton>
        <span className="x-muted">Excel（.xlsx）、CSV、网页表格</span>
      </div>
    </Spin>
  )
}

function LinesTable({ field, work, bad }: { field: Field<'rows'>; work: Work; bad: number }) {
  const [isBadOnly, setBadOnly] = useState(false)
  const { fields } = field.options
  const { lines, reads } = work
  if (!lines) return null
  const { texts, head, targets } = lines
  const shown = texts.map((_, at) => at).filter((at) => !isBadOnly || reads[at]!.problems.size > 0)
  const choices = fillable(fields).map(([value, { label }]) => ({ value, label }))
  return (
    <Spin spinning={work.isBusy}>
      <div className="x-lines-acts">
        <span>共 {texts.length} 行</span>
        {bad > 0 && (
          <>
            <b className="x-lines-bad">{bad} 行有问题，改好后一起加入；现在加入则略过它们</b>
            <label className="x-lines-only">
              <Switch size="small" checked={isBadOnly} onChange={setBadOnly} /> 只看有问题的
            </label>
          </>
        )}
        <span className="x-space" />
        <Button type="text" onClick={work.again}>
          重新选择
        </Button>
      </div>
      <div className="x-lines-table">
        <table>
          <thead>
            <tr>
              <th>行</th>
              {targets.map((key, column) => (
                <th key={column}>
                  <Select
                    aria-label={`第 ${column + 1} 列对应`}
                    value={key ?? ''}
                    options={[{ value: '', label: '不取这一列' }, ...choices]}
                    onChange={(next) => work.aim(column, next || null)}
                  />
                  {head && <small>{head[column]}</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, mostShown).map((at) => (
              <Line key={at} at={at} texts={texts[at]!} targets={targets} read={reads[at]!} mend={work.mend} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length > mostShown && (
        <p className="x-muted">
          只显示前 {mostShown} 行，其余 {shown.length - mostShown} 行一起加入
        </p>
      )}
    </Spin>
  )
}
interface LineProps {
  at: number
  texts: readonly string[]
  targets: Lines['targets']
  read: LineRead
  mend: Work['mend']
}
function Line({ at, texts, targets, read, mend }: LineProps) {
  const missing = [...read.problems].filter(([key]) => !targets.includes(key)).map(([, problem]) => problem)
  return (
    <tr>
      <td>
        {at + 1}
        {missing.map((problem) => (
          <small key={problem} className="x-problem">
            {problem}
          </small>
        ))}
      </td>
      {targets.map((key, column) => {
        const text = texts[column] ?? ''
        const problem = key === null ? undefined : read.problems.get(key)
        return (
          <td key={column} className={key === null ? 'x-faint' : ''}>
            {problem === undefined ? (
              text
            ) : (
              <>
                <Input
                  key={text}
                  defaultValue={text}
                  status="error"
                  aria-label={`第 ${at + 1} 行第 ${column + 1} 列`}
                  onBlur={(event) => event.target.value !== text && mend(at, column, event.target.value)}
                  onPressEnter={(event) => event.currentTarget.blur()}
                />
                <small className="x-problem">{problem}</small>
              </>
            )}
          </td>
        )
      })}
    </tr>
  )
}
