import { Checkbox, Input } from 'antd'
import { useState } from 'react'
import type { Handled, StepAct } from '#kernel/model/flow/definition.ts'
import { editPolicyWords, nobodyPolicyWords, selfPolicyWords, stepActWords } from '#kernel/model/flow/sentences.ts'
import { useWorld } from '../context.ts'
import { actsOf, earlierThan, nobodyPoliciesOf, selfPoliciesOf } from '../steps.ts'
import { idProblem, renamedAt, replaced } from '../tree.ts'
import { DecidersInput } from './decider.tsx'
import { ModeInput } from './mode.tsx'
import { namesAsOptions, Pick, Setting, SettingGroup, SettingSwitch } from './set.tsx'
import { LimitInput, TimeoutInput } from './time.tsx'
import { optionsOf } from '../../../parts/options-of.ts'

const who = { approve: '谁来审批', fill: '谁来填写', seal: '谁来盖章' } as const
/** Everything that can be said of a step at which people act. */
export function HandledPanel({ path, step }: { path: string; step: Handled }) {
  const { definition, edit, names } = useWorld()
  const set = (next: Handled, about?: string) => edit(replaced(definition, path, next), about && `${path} ${about}`)
  const put = (part: Partial<Handled>, about?: string) => set({ ...step, ...part } as Handled, about)
  return (
    <>
      <Setting label="步骤名称">
        {(id) => <Input id={id} value={step.label} maxLength={60} onChange={(event) => put({ label: event.target.value }, 'label')} />}
      </Setting>
      {step.kind === 'seal' && (
        <Setting label="盖什么章">
          {(id) => <Pick id={id} value={step.seal} options={namesAsOptions(names.seals)} onChange={(seal) => set({ ...step, seal })} />}
        </Setting>
      )}
      <SettingGroup title={who[step.kind]}>
        <DecidersInput label={who[step.kind]} value={step.by} onChange={(by) => put({ by })} />
      </SettingGroup>
      {step.kind === 'approve' && (
        <SettingGroup title="怎么决定">
          <ModeInput step={step} onChange={set} />
          {step.mode === 'anyOf' && (
            <SettingSwitch
              label="先认领再办理"
              hint="一人认领后，其他人的待办收起"
              value={step.claim}
              onChange={(claim) => put({ claim })}
            />
          )}
          <SettingSwitch label="逐项审批" hint="明细的每一行单独决定" value={step.items} onChange={(items) => put({ items })} />
        </SettingGroup>
      )}
      <SettingGroup title="时限">
        <LimitInput value={step.limit} onChange={(limit) => set(withLimit(step, limit))} />
        {step.limit && <TimeoutInput step={step} onChange={(onTimeout) => put({ onTimeout })} />}
        {step.limit && (
          <SettingSwitch
            label={`${stepActWords.consult}时暂停计时`}
            value={step.consultPauses}
            onChange={(consultPauses) => put({ consultPauses })}
          />
        )}
      </SettingGroup>
      <SettingGroup title="允许的操作">
        <Acts step={step} onChange={(acts) => put({ acts })} />
        <SettingSwitch label="须手写签名" value={step.sign} onChange={(sign) => put({ sign })} />
      </SettingGroup>
      <SettingGroup title="特殊情况" isOpen={false}>
        <Special step={step} put={put} />
      </SettingGroup>
      <SettingGroup title="更多" isOpen={false}>
        <StepId path={path} id={step.id} />
      </SettingGroup>
    </>
  )
}
function withLimit(step: Handled, limit: Handled['limit']): Handled {
  const { limit: _limit, ...rest } = step
  return limit ? { ...rest, limit } : { ...rest, onTimeout: [] }
}

function Acts({ step, onChange }: { step: Handled; onChange: (acts: readonly StepAct[]) => void }) {
  const offered = [...new Set([...actsOf(step), ...step.acts])].filter((act) => step.items || act !== 'decideItems')
  return (
    <Checkbox.Group
      className="x-acts-choice"
      aria-label="允许的操作"
      options={offered.map((act) => ({ value: act, label: stepActWords[act] }))}
      value={[...step.acts]}
      onChange={(acts) => onChange(step.items ? acts : [...acts, ...step.acts.filter((act) => act === 'decideItems')])}
    />
  )
}

/** What holds when somebody is missing, stands twice, or is the applicant himself. */
function Special({ step, put }: { step: Handled; put: (part: Partial<Handled>) => void }) {
  const { definition, selected } = useWorld()
  const back = [{ value: 'applicant', label: '申请人' }, ...earlierThan(definition, selected).map(({ id, label }) => ({ value: id, label: `“${label}”` }))]
  return (
    <>
      <Setting label="找不到审批人时">{(id) => <Pick id={id} value={step.onNobody} options={optionsOf(nobodyPolicyWords, nobodyPoliciesOf(step))} onChange={(onNobody) => put({ onNobody })} />}</Setting>
      <Setting label="审批人就是申请人时">{(id) => <Pick id={id} value={step.onApplicant} options={optionsOf(selfPolicyWords, selfPoliciesOf(step, 'onApplicant'))} onChange={(onApplicant) => put({ onApplicant })} />}</Setting>
      <Setting label="同一人前面已审批过时">{(id) => <Pick id={id} value={step.onSamePerson} options={optionsOf(selfPolicyWords, selfPoliciesOf(step, 'onSamePerson'))} onChange={(onSamePerson) => put({ onSamePerson })} />}</Setting>
      <Setting label="退回到" hint="被退回的从那里重新开始">
        {(id) => <Pick id={id} value={step.returnTo === 'applicant' ? 'applicant' : step.returnTo.step} options={back} onChange={(to) => put({ returnTo: to === 'applicant' ? 'applicant' : { step: to } })} />}
      </Setting>
      <Setting label="这一步修改内容后">{(id) => <Pick id={id} value={step.onEdit} options={optionsOf(editPolicyWords)} onChange={(onEdit) => put({ onEdit })} />}</Setting>
    </>
  )
} // prettier-ignore

/** What programs and other steps name a step by. */
export function StepId({ path, id: value }: { path: string; id: string }) {
  const { definition, edit } = useWorld()
  const [problem, setProblem] = useState<string | null>(null)
  const take = (text: string) => {
    const next = text.trim()
    const wrong = next === value ? null : idProblem(definition, next)
    setProblem(wrong)
    if (next !== value && wrong === null) edit(renamedAt(definition, path, next))
  }
  return (
    <Setting label="步骤编号" hint="字母开头，可含数字、横线；版本之间按它对应同一步" problem={problem}>
      {(id) => (
        <Input
          key={`${path} ${value}`}
          id={id}
          defaultValue={value}
          maxLength={40}
          status={problem ? 'error' : ''}
          onChange={() => setProblem(null)}
          onBlur={(event) => take(event.target.value)}
          onPressEnter={(event) => take(event.currentTarget.value)}
        />
      )}
    </Setting>
  )
}
