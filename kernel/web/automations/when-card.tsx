import { formatTime, parseTime } from '#kernel/model/clock/index.ts'
import { hasRecord, isTakeable, mayComeByFile, mostInAutomation, mostRunsAnHour, whenKinds, type WhenKind } from '#model'
import { Input, InputNumber, Select } from 'antd'
import { fieldOptions } from '../flows/design/context.ts'
import { Pick, Setting, SettingSwitch } from '../flows/design/panel/set.tsx'
import { optionsOf } from '../parts/options-of.ts'
import { RhythmInput } from '../reminders/days.tsx'
import { Problem } from '../reminders/problem.tsx'
import { Secret } from './secret.tsx'
import { whenOf, withWhen, type Drawing } from './use-automation.ts'

/** 什么时候: what it waits for. */
export function WhenCard({ drawing, name }: { drawing: Drawing; name: string }) {
  const { automation, desk, resource, problems, change } = drawing
  const { when } = automation
  const kinds = (Object.keys(whenKinds) as WhenKind[]).filter((kind) => kind !== 'approved' || !resource || resource.approval || when.kind === kind)
  const become = (kind: WhenKind) => change(withWhen(automation, whenOf(kind, resource?.fields ?? {})))
  const isAboutType = hasRecord(automation)
  return (
    <section className="x-card r-part" aria-label="什么时候">
      <h2>什么时候</h2>
      <div className="x-set-pair">
        <Setting label="时机">{(id) => <Pick<WhenKind> id={id} value={when.kind} options={optionsOf(whenKinds, kinds)} onChange={become} />}</Setting>
        {isAboutType && (
          <Setting label="哪种记录">
            {(id) => <Pick id={id} value={automation.resource} options={desk.types.map((one) => ({ value: one.name, label: one.label }))} onChange={(next) => change({ resource: next, where: null, was: null, acts: [], when: whenOf(when.kind, drawing.typeOf(next)?.fields ?? {}) })} />}
          </Setting>
        )}
      </div>
      <Problem problems={problems} at="when.kind" />
      <Problem problems={problems} at="resource" />
      {when.kind === 'changed' && resource && (
        <>
          <Setting label="改了哪些字段" hint="不选表示任何字段">
            {(id) => <Select id={id} mode="multiple" className="x-set-wide" placeholder="任何字段" value={[...when.fields]} maxCount={mostInAutomation.fields} options={fieldOptions(resource)} showSearch={{ optionFilterProp: 'label' }} onChange={(fields) => change({ when: { ...when, fields } })} />}
          </Setting>
          <Problem problems={problems} at="when.fields" />
        </>
      )}
      {mayComeByFile(when) && (
        <SettingSwitch label="导入的也执行" hint={`从文件导入时默认不执行；打开后一小时超过 ${mostRunsAnHour} 次会自动暂停，不再执行`} value={automation.onImport ?? false} onChange={(onImport) => change({ onImport })} />
      )}
      {when.kind === 'date' && resource && (
        <>
          <div className="x-set-pair">
            <Setting label="哪个日期">
              {(id) => <Pick id={id} value={when.date} options={fieldOptions(resource, (field) => (field.kind === 'date' || field.kind === 'dateTime') && isTakeable(field))} onChange={(date) => change({ when: { ...when, date } })} />}
            </Setting>
            <Setting label="哪一天">
              {(id) => (
                <span className="r-inline">
                  <Pick label="前后" value={when.days < 0 ? 'after' : 'before'} options={[{ value: 'before', label: '提前' }, { value: 'after', label: '过后' }]} onChange={(side) => change({ when: { ...when, days: (side === 'after' ? -1 : 1) * (Math.abs(when.days) || 1) } })} />
                  <InputNumber id={id} min={0} max={mostInAutomation.days} precision={0} suffix="天" value={Math.abs(when.days)} onChange={(days) => change({ when: { ...when, days: (when.days < 0 ? -1 : 1) * (days ?? 0) || 0 } }, 'days')} />
                </span>
              )}
            </Setting>
          </div>
          <Problem problems={problems} at="when.date" />
        </>
      )}
      {when.kind === 'schedule' && (
        <>
          <Setting label="多久一次">{(id) => <RhythmInput id={id} value={when.rhythm} onChange={(rhythm) => change({ when: { ...when, rhythm } })} />}</Setting>
          <Problem problems={problems} at="when.rhythm" />
          <SettingSwitch label="对每条符合条件的记录各做一次" hint="不打开则每次只做一次，不针对某条记录" value={when.each} onChange={(each) => change(withWhen(automation, { ...when, each }))} />
        </>
      )}
      {(when.kind === 'date' || when.kind === 'schedule') && (
        <Setting label="几点">{(id) => <Input id={id} type="time" value={formatTime(when.at)} onChange={(event) => change({ when: { ...when, at: parseTime(event.target.value) ?? when.at } }, 'at')} />}</Setting>
      )}
      {when.kind === 'webhook' && <Secret desk={desk} name={name} isHook />}
    </section>
  )
} // prettier-ignore
