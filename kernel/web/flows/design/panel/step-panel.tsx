import { CopyOutlined, DeleteOutlined, SwapOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { stepKindWords } from '#kernel/model/flow/sentences.ts'
import { useMe } from '../../../api/hooks.ts'
import { useWorld } from '../context.ts'
import { dissolved, isHandled, listsIn, replaced, stepAt, stepOfFault, type DrawnStep } from '../tree.ts'
import { useClipboard } from '../use-clipboard.ts'
import { labelWith } from '../words.ts'
import { FlowPanel } from './flow.tsx'
import { HandledPanel } from './handled.tsx'
import { NotifyPanel, ParallelPanel, ServicePanel, TimerPanel, WhenPanel } from './others.tsx'

/** What is said of the step that is chosen, or of the flow when none is. */
export function StepPanel({ isFixed = false }: { isFixed?: boolean }) {
  const { definition, selected } = useWorld()
  const { medicalOffice } = useMe().hospital
  const step = selected === null ? undefined : stepAt(definition, selected)
  return (
    <>
      <header className="x-panel-head">
        <h2>{step ? stepKindWords[step.kind] : '流程设置'}</h2>
        {step && 'label' in step && step.label !== labelWith(step, medicalOffice) && <span className="x-faint">{labelWith(step, medicalOffice)}</span>}
        <span className="x-space" />
        {step && selected !== null && !isFixed && <Acts path={selected} step={step} />}
      </header>
      <Faults path={selected} />
      <div key={step?.kind} className="x-panel-body">
        {step && selected !== null ? <Body path={selected} step={step} /> : <FlowPanel />}
      </div>
    </>
  )
} // prettier-ignore

function Body({ path, step }: { path: string; step: DrawnStep }) {
  if (isHandled(step)) return <HandledPanel path={path} step={step} />
  if (step.kind === 'when') return <WhenPanel path={path} step={step} />
  if (step.kind === 'parallel') return <ParallelPanel path={path} step={step} />
  if (step.kind === 'notify') return <NotifyPanel path={path} step={step} />
  return step.kind === 'service' ? <ServicePanel path={path} step={step} /> : <TimerPanel path={path} step={step} />
}

/** What is wrong here, and what to do about it. */
function Faults({ path }: { path: string | null }) {
  const { definition, problems } = useWorld()
  const mine = problems.filter((one) => stepOfFault(definition, one.path) === path)
  if (mine.length === 0) return null
  return (
    <ul className="x-panel-faults" aria-label="这里的问题">
      {mine.map((one, at) => (
        <li key={at}>
          {one.message}
          {one.advice && <small>{one.advice}</small>}
        </li>
      ))}
    </ul>
  )
}

function Acts({ path, step }: { path: string; step: DrawnStep }) {
  const { definition, edit, select } = useWorld()
  const { copy, remove } = useClipboard()
  const sides = listsIn(step).filter(({ steps }) => steps.length > 0)
  const keep = (side: string) => {
    edit(dissolved(definition, path, side))
    select(null)
  }
  const word = (side: string) => (side === 'then' ? '满足时' : side === 'otherwise' ? '其余情况' : `分支 ${Number(side.split('.')[1]) + 1}`)
  return (
    <>
      {step.kind === 'when' && (
        <Button size="small" type="text" icon={<SwapOutlined />} aria-label="左右对调" title="左右对调" onClick={() => edit(replaced(definition, path, { ...step, condition: { not: step.condition }, then: step.otherwise, otherwise: step.then }))} />
      )}
      <Button size="small" type="text" icon={<CopyOutlined />} aria-label="复制这一步" title="复制（Ctrl C）" onClick={copy} />
      {sides.length > 0 ? (
        <Dropdown
          trigger={['click']}
          menu={{ items: [...sides.map(({ side }) => ({ key: side, label: `删除分支，保留“${word(side)}”的步骤`, onClick: () => keep(side) })), { key: 'all', label: '连同里面的步骤一起删除', danger: true, onClick: remove }] }}
        >
          <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label="删除这一步" />
        </Dropdown>
      ) : (
        <Button size="small" type="text" danger icon={<DeleteOutlined />} aria-label="删除这一步" title="删除（Delete）" onClick={remove} />
      )}
    </>
  )
} // prettier-ignore
