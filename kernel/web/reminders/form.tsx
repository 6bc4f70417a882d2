import { formatTime, parseTime } from '#kernel/model/clock/index.ts'
import { isProtected, mostInReminder, restDayWords, type ClientResource, type Reminder, type RestDays } from '#model'
import { Input, InputNumber } from 'antd'
import { targetOf } from '../definitions/catalog.ts'
import { useCatalog } from '../definitions/use-catalog.tsx'
import { Pick, Setting, SettingList, SettingSwitch } from '../flows/design/panel/set.tsx'
import { FilterSentence } from '../list/sentence.tsx'
import { useViews } from '../list/views/use-views.ts'
import { DaysInput, RhythmInput } from './days.tsx'
import { Problem, type FormProps } from './problem.tsx'
import { ReceiversInput } from './receivers.tsx'
import { WordsInput } from './words.tsx'
import '../flows/design/panel/panel.css'
import { optionsOf } from '../parts/options-of.ts'

/** Everything that makes a reminder, by clicking. */
export function Form(props: FormProps) {
  const { opened, draft, problems, onChange } = props
  const resource = useCatalog().resource(opened.resource)
  if (!resource) return <p className="x-card r-part x-problem">这种记录已经不存在，这个提醒不再执行。</p>
  const put = (part: Partial<Reminder>) => onChange({ ...draft, ...part })
  return (
    <>
      <section className="x-card r-part">
        <h2>什么时候</h2>
        <Setting label="名称">
          {(id) => <Input id={id} maxLength={60} value={draft.label} onChange={(event) => put({ label: event.target.value })} />}
        </Setting>
        <Problem problems={problems} at="label" />
        <When {...props} resource={resource} />
        <Conditions {...props} resource={resource} />
      </section>
      <section className="x-card r-part">
        <h2>提醒谁</h2>
        <ReceiversInput
          opened={opened}
          resource={resource}
          value={draft.whom}
          at="whom"
          problems={problems}
          onChange={(whom) => put({ whom })}
        />
        <RepeatInput value={draft.repeat} isDate={draft.when.kind === 'date'} onChange={(repeat) => put({ repeat })} />
        <Problem problems={problems} at="repeat" />
        <Escalations {...props} resource={resource} />
      </section>
      <section className="x-card r-part">
        <h2>说什么</h2>
        <WordsInput {...props} resource={resource} />
      </section>
      <section className="x-card r-part">
        <h2>时间与方式</h2>
        <div className="x-set-pair">
          <Setting label="每天几点">
            {(id) => (
              <Input
                id={id}
                type="time"
                value={formatTime(draft.at)}
                onChange={(event) => put({ at: parseTime(event.target.value) ?? draft.at })}
              />
            )}
          </Setting>
          <Setting label="遇到休息日">
            {(id) => (
              <Pick<RestDays> id={id} value={draft.restDays} options={optionsOf(restDayWords)} onChange={(restDays) => put({ restDays })} />
            )}
          </Setting>
        </div>
        <Problem problems={problems} at="at" />
        <SettingSwitch
          label="同时生成待办"
          hint="办结（更新、不再符合条件）后自动关闭"
          value={draft.todo}
          onChange={(todo) => put({ todo })}
        />
        <SettingSwitch label="紧急" hint="不受免打扰时段限制" value={draft.urgent} onChange={(urgent) => put({ urgent })} />
      </section>
    </>
  )
}

type InType = FormProps & { resource: ClientResource }
const isDay = (kind: string): boolean => kind === 'date' || kind === 'dateTime'
function When({ opened, draft, problems, onChange, resource }: InType) {
  const catalog = useCatalog()
  const own = Object.entries(resource.fields).filter(([, field]) => isDay(field.kind) && !isProtected(field)).map(([value, field]) => ({ value, label: field.label }))
  const through = Object.entries(resource.fields).flatMap(([key, field]) =>
    Object.entries((field.kind === 'references' ? undefined : catalog.resource(targetOf(field) ?? ''))?.fields ?? {})
      .filter(([, inner]) => isDay(inner.kind) && !isProtected(inner))
      .map(([inner, { label }]) => ({ value: `${key}.${inner}`, label: `${field.label} · ${label}` })),
  )
  const { when } = draft
  const become = (kind: 'date' | 'rhythm') =>
    onChange({ ...draft, when: kind === 'date' ? { kind, date: own[0]?.value ?? '', days: [30] } : { kind, rhythm: { every: 'workday' } } })
  return (
    <>
      <Setting label="按什么提醒">
        {(id) => <Pick id={id} value={when.kind} options={[{ value: 'date', label: '按一个日期：到期前、当天、过期后' }, { value: 'rhythm', label: '按条件：符合条件的，定期提醒' }]} onChange={become} />}
      </Setting>
      {when.kind === 'date' ? (
        <>
          <Setting label="哪个日期">{(id) => <Pick id={id} value={when.date} options={[...own, ...through]} onChange={(date) => onChange({ ...draft, when: { ...when, date } })} />}</Setting>
          <Problem problems={problems} at="when.date" />
          <Setting label="哪几天">{(id) => <DaysInput id={id} value={when.days} rules={opened.rules} onChange={(days) => onChange({ ...draft, when: { ...when, days } })} />}</Setting>
          <Problem problems={problems} at="when.days" isDeep />
        </>
      ) : (
        <>
          <Setting label="多久一次">{(id) => <RhythmInput id={id} value={when.rhythm} onChange={(rhythm) => onChange({ ...draft, when: { kind: 'rhythm', rhythm } })} />}</Setting>
          <Problem problems={problems} at="when.rhythm" />
        </>
      )}
    </>
  )
} // prettier-ignore

/** Of which records: clicked together, or taken from a view that somebody has kept. */
function Conditions({ draft, problems, onChange, resource }: InType) {
  const views = useViews(resource.name).data?.filter(({ state, problem }) => state.filter && !problem) ?? []
  const plain = { ...resource, hasNoEnvelope: true as const }
  return (
    <>
      <Setting label={draft.when.kind === 'date' ? '只提醒哪些记录' : '提醒哪些记录'}>
        {() => <FilterSentence lead={draft.where ? `${resource.label}，其中` : `全部${resource.label}`} resource={plain} filter={draft.where} onChange={(where) => onChange({ ...draft, where })} />}
      </Setting>
      <Problem problems={problems} at="where" />
      {views.length > 0 && (
        <Setting label="或取用列表里存好的视图" hint="取用的是视图现在的条件；以后改视图不影响提醒">
          {(id) => <Pick id={id} value={undefined} placeholder="选择视图" options={views.map(({ id: view, name }) => ({ value: view, label: name }))} onChange={(view) => onChange({ ...draft, where: views.find((one) => one.id === view)?.state.filter ?? null })} />}
        </Setting>
      )}
      <Setting label="怎样算办结" hint="记录更新、删除或不再符合上面的条件也算办结">
        {() => <FilterSentence lead={draft.done ? '办结：' : '不另设条件'} resource={plain} filter={draft.done} onChange={(done) => onChange({ ...draft, done })} />}
      </Setting>
      <Problem problems={problems} at="done" />
    </>
  )
} // prettier-ignore

function RepeatInput({ value, isDate, onChange }: { value: number | null; isDate: boolean; onChange: (value: number | null) => void }) {
  if (!isDate) return null
  return (
    <Setting label="最后一次之后">
      {(id) => (
        <span className="r-inline">
          <Pick id={id} value={value === null ? 'no' : 'yes'} options={[{ value: 'no', label: '不再提醒' }, { value: 'yes', label: '继续提醒，直到办结' }]} onChange={(how) => onChange(how === 'yes' ? 7 : null)} />
          {value !== null && <InputNumber aria-label="每几天" min={1} max={365} prefix="每" suffix="天" value={value} onChange={(days) => onChange(days ?? 7)} />}
        </span>
      )}
    </Setting>
  )
} // prettier-ignore
function Escalations({ opened, draft, problems, onChange, resource }: InType) {
  const isDate = draft.when.kind === 'date'
  return (
    <Setting label={isDate ? '过了日期仍未办结' : '提醒之后仍未办结'}>
      {() => (
        <SettingList<Reminder['escalate'][number]> items={draft.escalate} most={mostInReminder.escalations} add={() => ({ after: 1, repeat: 7, whom: [{ who: 'headOfUnit', gathered: false }] })} addLabel="加一级升级提醒" onChange={(escalate) => onChange({ ...draft, escalate })}>
          {(one, set, n) => (
            <div className="x-decider">
              <span className="r-inline">
                <InputNumber aria-label={`第 ${n + 1} 级：几天后`} min={0} max={3650} prefix={isDate ? '过' : '满'} suffix="天起" value={one.after} onChange={(after) => set({ ...one, after: after ?? 1 })} />
                <Pick label={`第 ${n + 1} 级：重复`} value={one.repeat === null ? 'no' : 'yes'} options={[{ value: 'no', label: '只提醒一次' }, { value: 'yes', label: '重复，直到办结' }]} onChange={(how) => set({ ...one, repeat: how === 'yes' ? 7 : null })} />
                {one.repeat !== null && <InputNumber aria-label={`第 ${n + 1} 级：每几天`} min={1} max={365} prefix="每" suffix="天" value={one.repeat} onChange={(repeat) => set({ ...one, repeat: repeat ?? 7 })} />}
              </span>
              <ReceiversInput opened={opened} resource={resource} value={one.whom} at={`escalate.${n}.whom`} problems={problems} onChange={(whom) => set({ ...one, whom })} />
            </div>
          )}
        </SettingList>
      )}
    </Setting>
  )
} // prettier-ignore
