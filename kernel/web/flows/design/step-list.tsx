import { ExperimentOutlined, RightOutlined, SettingOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useMe } from '../../api/hooks.ts'
import { useWorld } from './context.ts'
import type { Light } from './lit.ts'
import { Marks, stepIcons } from './nodes.tsx'
import { SideWords } from './side-words.tsx'
import { listsIn, stepOfFault, type DrawnStep } from './tree.ts'
import { cardWords, labelWith } from './words.ts'

interface Props {
  lit: ReadonlyMap<string, Light> | null
  onOpen: () => void
  onTry: () => void
}
/** The flow from top to bottom, to be read and set on a phone; drawing wants a desk. */
export function StepList({ lit, onOpen, onTry }: Props) {
  const { definition, select } = useWorld()
  const open = (path: string | null) => {
    select(path)
    onOpen()
  }
  return (
    <div className="x-step-list">
      <div className="x-row">
        <Button icon={<SettingOutlined />} onClick={() => open(null)}>
          流程设置
        </Button>
        <Button icon={<ExperimentOutlined />} onClick={onTry}>
          试运行
        </Button>
      </div>
      <p className="x-faint x-small">手机上可以查看、设置各步、试运行和发布；增减和移动步骤请在电脑上进行。</p>
      <p className="x-step-end">提交</p>
      <List steps={definition.steps} list="steps" lit={lit} onOpen={open} />
      <p className="x-step-end">结束</p>
    </div>
  )
}

interface ListProps {
  steps: readonly DrawnStep[]
  list: string
  lit: Props['lit']
  onOpen: (path: string) => void
}
function List({ steps, list, lit, onOpen }: ListProps) {
  const { resource } = useWorld()
  if (steps.length === 0) return <p className="x-faint x-small">没有步骤，继续往下</p>
  return (
    <ol>
      {steps.map((step, at) => {
        const path = `${list}.${at}`
        return (
          <li key={path}>
            <Entry step={step} path={path} light={lit ? (lit.get(path) ?? 'off') : null} onOpen={onOpen} />
            {listsIn(step).map(({ side, steps: inner }) => (
              <section key={side}>
                <h3>
                  <SideWords step={step} side={side} resource={resource} />
                </h3>
                <List steps={inner} list={`${path}.${side}`} lit={lit} onOpen={onOpen} />
              </section>
            ))}
          </li>
        )
      })}
    </ol>
  )
}
function Entry({ step, path, light, onOpen }: { step: DrawnStep; path: string; light: Light | 'off' | null; onOpen: (path: string) => void }) {
  const { called, problems, definition } = useWorld()
  const { medicalOffice } = useMe().hospital
  const faults = problems.filter((one) => stepOfFault(definition, one.path) === path).length
  const Icon = stepIcons[step.kind]
  return (
    <button type="button" className={`x-step-entry ${faults ? 'faulty' : ''} ${light ?? ''}`} onClick={() => onOpen(path)}>
      <Icon aria-hidden />
      <span>
        <b>{labelWith(step, medicalOffice)}</b> <Marks step={step} /> {faults > 0 && <em>{faults} 处问题</em>}
        {cardWords(step, called).filter(Boolean).map((line) => (
          <small key={line}>{line}</small>
        ))}
      </span>
      <RightOutlined aria-hidden />
    </button>
  )
} // prettier-ignore
