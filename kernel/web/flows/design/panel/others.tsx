import { Input, InputNumber } from 'antd'
import type { Filter } from '#model'
import { bounds, type Notify, type Parallel, type Service, type Timer, type When } from '#kernel/model/flow/definition.ts'
import { branchRefusalWords } from '#kernel/model/flow/sentences.ts'
import { FilterSentence } from '../../../list/sentence.tsx'
import { fieldOptions, isMomentField, useWorld } from '../context.ts'
import { begunDecider } from '../steps.ts'
import { replaced, type DrawnStep } from '../tree.ts'
import { DeciderInput } from './decider.tsx'
import { StepId } from './handled.tsx'
import { namesAsOptions, Pick, Setting, SettingGroup, SettingList } from './set.tsx'
import { LimitInput } from './time.tsx'
import { optionsOf } from '../../../parts/options-of.ts'

interface Props<S> {
  path: string
  step: S
}
function usePut<S extends DrawnStep>({ path, step }: Props<S>) {
  const { definition, edit } = useWorld()
  return (part: Partial<S>, about?: string) => edit(replaced(definition, path, { ...step, ...part }), about && `${path} ${about}`)
}
function Name({ value, onChange }: { value: string; onChange: (label: string) => void }) {
  return (
    <Setting label="步骤名称">
      {(id) => <Input id={id} value={value} maxLength={60} onChange={(event) => onChange(event.target.value)} />}
    </Setting>
  )
}
const More = ({ path, id }: { path: string; id: string }) => (
  <SettingGroup title="更多" isOpen={false}>
    <StepId path={path} id={id} />
  </SettingGroup>
)

/** The condition of a branching, by clicking, as the sentence that it means. */
export function WhenPanel({ path, step }: Props<When<Filter>>) {
  const { resource } = useWorld()
  const put = usePut({ path, step })
  return (
    <>
      <Setting label="满足这个条件时走左边，否则走右边">
        {() => <FilterSentence lead={`当${resource.label}`} resource={resource} filter={step.condition} onChange={(filter) => put({ condition: filter ?? { and: [] } })} />}
      </Setting>
      <p className="x-muted x-small">条件在申请走到这里时判断；退回后重新判断。</p>
    </>
  )
} // prettier-ignore

export function ParallelPanel({ path, step }: Props<Parallel<Filter>>) {
  const put = usePut({ path, step })
  return (
    <>
      <Name value={step.label} onChange={(label) => put({ label }, 'label')} />
      <Setting label="分支">
        {() => (
          <SettingList<Parallel<Filter>['branches'][number]> items={step.branches} most={bounds.branches} add={() => []} addLabel="加一个分支" onChange={(branches) => put({ branches })}>
            {(branch, _, at) => `分支 ${at + 1}：${branch.length ? branch.map((one) => ('label' in one ? one.label : '…')).join(' → ') : '还没有步骤'}`}
          </SettingList>
        )}
      </Setting>
      <Setting label="一个分支拒绝时">
        {(id) => <Pick id={id} value={step.onRefuse} options={optionsOf(branchRefusalWords)} onChange={(onRefuse) => put({ onRefuse })} />}
      </Setting>
      <Setting label="两个分支的限定不能比较时，由谁定">
        {() => <DeciderInput label="由谁定" value={step.reconcile} onChange={(reconcile) => put({ reconcile })} />}
      </Setting>
      <More path={path} id={step.id} />
    </>
  )
} // prettier-ignore

export function NotifyPanel({ path, step }: Props<Notify>) {
  const put = usePut({ path, step })
  const kinds = { applicant: '申请人', decider: '其他人' } as const
  return (
    <SettingGroup title="知会谁">
      <SettingList<Notify['who'][number]> items={step.who} most={bounds.deciders} add={() => begunDecider('role')} addLabel="再加一类人" onChange={(who) => put({ who })}>
        {(one, set) => (
          <div className="x-decider">
            <Pick label="知会" value={one === 'applicant' ? 'applicant' : 'decider'} options={optionsOf(kinds)} onChange={(kind) => set(kind === 'applicant' ? 'applicant' : begunDecider('role'))} />
            {one !== 'applicant' && <DeciderInput label="其他人" value={one} onChange={set} />}
          </div>
        )}
      </SettingList>
      <p className="x-muted x-small">收到一份副本可以查看，不参与决定。</p>
    </SettingGroup>
  )
} // prettier-ignore

export function ServicePanel({ path, step }: Props<Service>) {
  const { names } = useWorld()
  const put = usePut({ path, step })
  return (
    <>
      <Name value={step.label} onChange={(label) => put({ label }, 'label')} />
      <Setting label="做什么" hint="由系统在前面的步骤办完之后进行，成功后继续">
        {(id) => <Pick id={id} value={step.service} options={namesAsOptions(names.services)} onChange={(service) => put({ service })} />}
      </Setting>
      <Setting label="最多尝试几次" hint="仍不成功时记为流程异常，由管理员处理">
        {(id) => <InputNumber id={id} className="x-set-wide" min={1} max={50} value={step.attempts} onChange={(attempts) => attempts && put({ attempts }, 'attempts')} />}
      </Setting>
      <More path={path} id={step.id} />
    </>
  )
} // prettier-ignore

export function TimerPanel({ path, step }: Props<Timer>) {
  const { resource } = useWorld()
  const put = usePut({ path, step })
  const isField = 'field' in step.until
  return (
    <>
      <Name value={step.label} onChange={(label) => put({ label }, 'label')} />
      <Setting label="等到">
        {(id) => <Pick id={id} value={isField ? 'field' : 'time'} options={[{ value: 'time', label: '一段时间之后' }, { value: 'field', label: '表单里填的时间' }]} onChange={(kind) => put({ until: kind === 'field' ? { field: '' } : { unit: 'workingDays', amount: 1 } })} />}
      </Setting>
      {'field' in step.until ? (
        <Pick label="字段" value={step.until.field} options={fieldOptions(resource, isMomentField)} onChange={(field) => put({ until: { field } })} />
      ) : (
        <LimitInput mayBeNone={false} value={step.until} onChange={(until) => until && put({ until })} />
      )}
      <More path={path} id={step.id} />
    </>
  )
} // prettier-ignore
