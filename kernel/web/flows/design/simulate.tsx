import { ExperimentOutlined, SaveOutlined } from '@ant-design/icons'
import type { FlowSimulation, FlowTestCase, FlowTrialWords } from '#model'
import { flowTrialEnds } from '#kernel/model/api-flow-design.ts'
import { decidedSteps } from '#kernel/model/flow/compare-way.ts'
import { App, Button, Modal } from 'antd'
import { useEffect, useId, useMemo, useState } from 'react'
import { FirstInput } from '../../parts/first-input.tsx'
import { api, newId } from '../../api/client.ts'
import { messageOf } from '../../api/problem.ts'
import { InputOf, PersonsPicker } from '../../fields/index.ts'
import { useTitles } from '../../fields/titles.tsx'
import { useWorld } from './context.ts'
import { dependsOn } from './depends.ts'
import { litBy, type Light } from './lit.ts'
import { TrialWords } from './trial-words.tsx'
import { handledOf, type Drawn } from './tree.ts'
import { designUrl } from './use-design.ts'

export interface Trial {
  applicant: string
  words: FlowTrialWords
  simulation: FlowSimulation
}
type Draft = Readonly<Record<string, unknown>>
const most = 4

/** 试运行: whom a request of this applicant would wait for, step by step, before anything counts. */
export function Simulate({ onLight }: { onLight: (lit: ReadonlyMap<string, Light> | null) => void }) {
  const { definition, design, resource } = useWorld()
  const { message } = App.useApp()
  const [applicants, setApplicants] = useState<readonly string[]>([])
  const [draft, setDraft] = useState<Draft>({})
  const [spoken, setSpoken] = useState<FlowTrialWords>({})
  const [trials, setTrials] = useState<{ of: Drawn; list: readonly Trial[] } | null>(null)
  const [shown, setShown] = useState(0)
  const [isBusy, setBusy] = useState(false)
  const [naming, setNaming] = useState<Trial | null>(null)
  // Of a step that is gone nothing is said.
  const words = useMemo(() => Object.fromEntries(Object.entries(spoken).filter(([id]) => handledOf(definition).some(({ step }) => step.id === id))), [definition, spoken])
  const rows = definition.items?.rows
  const isByLine = rows !== undefined && Object.keys(words).length > 0
  const fields = useMemo(
    () => [...new Set([...dependsOn(definition), ...(isByLine ? [rows] : [])])].filter((key) => resource.fields[key] && key !== resource.owner.person),
    [definition, resource, isByLine, rows],
  )
  // What is drawn anew has another way.
  const current = trials?.of === definition ? trials.list : null
  const lit = useMemo(() => {
    const trial = current?.[shown]
    return trial ? litBy(definition, trial.simulation) : null
  }, [current, shown, definition])
  useEffect(() => {
    onLight(lit)
    return () => onLight(null)
  }, [lit, onLight])
  const ofApplicant = (applicant: string): Draft => (resource.owner.person ? { ...draft, [resource.owner.person]: applicant } : draft)
  async function run() {
    setBusy(true)
    try {
      const list: Trial[] = []
      for (const applicant of applicants)
        list.push({ applicant, words, simulation: await api.post<FlowSimulation>(designUrl(design.flow, '/simulate'), { definition, applicant, draft: ofApplicant(applicant), words }) })
      setShown(0)
      setTrials({ of: definition, list })
    } catch (error) {
      void message.error(messageOf(error))
    }
    setBusy(false)
  }
  return (
    <>
      <header className="x-panel-head">
        <h2>试运行</h2>
        <span className="x-faint">不产生任何申请</span>
      </header>
      <div className="x-panel-body">
        <div className="x-set">
          <label htmlFor="simulate-applicants">申请人（最多 {most} 位，并排比较）</label>
          <PersonsPicker id="simulate-applicants" value={applicants} onChange={(people) => setApplicants(people.slice(-most))} />
        </div>
        {fields.map((key) => (
          <SampleField key={key} name={key} value={draft[key] ?? null} onChange={(value) => setDraft({ ...draft, [key]: value })} />
        ))}
        <TrialWords
          words={words}
          rows={rows && Array.isArray(draft[rows]) ? draft[rows] : []}
          onChange={(next) => {
            setSpoken(next)
            setTrials(null)
          }}
        />
        <Button type="primary" icon={<ExperimentOutlined />} loading={isBusy} disabled={applicants.length === 0} onClick={() => void run()}>
          试运行
        </Button>
        {trials && !current && <p className="x-muted">流程有改动，请重新试运行。</p>}
        {current && <Trials trials={current} shown={shown} onShow={setShown} onKeep={setNaming} />}
      </div>
      {naming && <KeepCase trial={naming} draft={ofApplicant(naming.applicant)} onClose={() => setNaming(null)} />}
    </>
  )
} // prettier-ignore

/** A field of the form, as it is filled in there. */
function SampleField({ name, value, onChange }: { name: string; value: unknown; onChange: (value: unknown) => void }) {
  const { resource } = useWorld()
  const id = useId()
  const field = resource.fields[name]
  if (!field) return null
  return (
    <div className="x-set">
      <label htmlFor={id}>{field.label}</label>
      <InputOf id={id} field={field} value={value} onChange={onChange} />
    </div>
  )
}

interface TrialsProps {
  trials: readonly Trial[]
  shown: number
  onShow: (at: number) => void
  onKeep: (trial: Trial) => void
}
/** One column an applicant; the one that is chosen lights the drawing. */
function Trials({ trials, shown, onShow, onKeep }: TrialsProps) {
  const names = useTitles('directory.person', trials.map(({ applicant }) => applicant)) // prettier-ignore
  return (
    <div className="x-trials">
      {trials.map((trial, at) => (
        <section key={trial.applicant} className={at === shown ? 'shown' : ''} aria-label={`${names[at] ?? ''}的审批经过`}>
          <button type="button" aria-pressed={at === shown} onClick={() => onShow(at)}>
            {names[at] ?? '…'}
          </button>
          {trial.simulation.obstacles.map((text) => (
            <p key={text} className="x-problem" role="alert">
              {text}
            </p>
          ))}
          <ol>
            {trial.simulation.steps.map((step, nth) => (
              <TrialStep key={`${nth} ${step.step}`} step={step} />
            ))}
          </ol>
          {trial.simulation.ends && <p className="x-trial-end">结果：{flowTrialEnds[trial.simulation.ends]}</p>}
          <Button size="small" icon={<SaveOutlined />} onClick={() => onKeep(trial)}>
            存为用例
          </Button>
        </section>
      ))}
    </div>
  )
}
function TrialStep({ step }: { step: FlowSimulation['steps'][number] }) {
  return (
    <li className={step.passedBy === null ? '' : 'passed'}>
      <b>{step.label}</b>
      {step.passedBy !== null && <small>{step.passedBy}</small>}
      {step.people.map((person) => (
        <span key={person.id}>
          {person.name}
          {person.replaced && <small>{person.replaced}</small>}
        </span>
      ))}
      {step.said !== null && <span className="x-trial-said">{step.said}</span>}
      {step.people.length > 1 && step.mode && <small>{step.mode}</small>}
      {step.due && <small>应于 {step.due.slice(5)} 前办完</small>}
    </li>
  )
}

/** What has been seen becomes what is expected from now on. */
function KeepCase({ trial, draft, onClose }: { trial: Trial; draft: Draft; onClose: () => void }) {
  const { tests, setTests } = useWorld()
  const { message } = App.useApp()
  const [name] = useTitles('directory.person', [trial.applicant])
  const [label, setLabel] = useState('')
  function keep() {
    const expect = decidedSteps(trial.simulation.steps).map(({ step, people }) =>
      // Who is chosen only later is not expected.
      people.length ? { step, people: people.map(({ id }) => id) } : { step },
    )
    const { ends } = trial.simulation
    const made: FlowTestCase = { id: newId(), label: label.trim() || `${name ?? '申请人'}的申请`, applicant: trial.applicant, draft: { ...draft }, ...(ends ? { words: trial.words, ends } : {}), expect }
    setTests([...tests, made])
    void message.success('已存为用例，发布前会自动核对')
    onClose()
  }
  return (
    <Modal open title="存为用例" okText="保存用例" cancelText="取消" onCancel={onClose} onOk={keep}>
      <label className="x-set">
        用例名称
        <FirstInput value={label} maxLength={100} placeholder={`${name ?? '申请人'}的申请`} onChange={(event) => setLabel(event.target.value)} />
      </label>
      <p className="x-muted">以后每次发布都会核对：同一位申请人、同样的内容，仍经过这些步骤、由这些人办理。</p>
    </Modal>
  )
} // prettier-ignore
