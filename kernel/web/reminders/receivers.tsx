import { mostInReminder, type ClientResource, type FieldProblem, type Receiver, type ReminderDetail } from '#model'
import { Checkbox } from 'antd'
import { useMe } from '../api/hooks.ts'
import { PersonsPicker } from '../fields/record-picker.tsx'
import { fieldOptions, isPersonField } from '../flows/design/context.ts'
import { Pick, SettingList } from '../flows/design/panel/set.tsx'
import { Problem } from './problem.tsx'
import { optionsOf } from '../parts/options-of.ts'

const kinds = { owner: '本人', headOfUnit: '科主任', role: '角色', field: '记录里的人员', people: '指定人员' } as const
const reaches = { hospital: '全院的', campus: '记录所在院区的', unit: '记录所在科室的' } as const
interface Props {
  opened: { roles: ReminderDetail['roles'] }
  resource: ClientResource
  value: readonly Receiver[]
  at: string
  problems: readonly FieldProblem[]
  /** Everybody is told by himself: nothing is gathered. */
  isEach?: boolean
  onChange: (whom: readonly Receiver[]) => void
}
/** Whom: by what they are to the record, by role, or by name; each a message a record, or one line for all. */
export function ReceiversInput({ opened, resource, value, at, problems, isEach = false, onChange }: Props) {
  const { medicalOffice } = useMe().hospital
  const roles = opened.roles.map(({ name, label }) => ({ value: name, label: label.replaceAll('{medicalOffice}', medicalOffice) }))
  const people = fieldOptions(resource, isPersonField)
  const { owner } = resource
  const offered = (Object.keys(kinds) as Receiver['who'][]).filter((who) => (who === 'owner' ? owner.person : who === 'headOfUnit' ? owner.person || owner.department : who === 'field' ? people.length : true))
  const begun = (who: Receiver['who'], gathered: boolean): Receiver => {
    if (who === 'role') return { who, role: roles[0]?.value ?? '', of: 'hospital', gathered: !isEach }
    if (who === 'field') return { who, field: people[0]?.value ?? '', gathered }
    return who === 'people' ? { who, people: [], gathered } : { who, gathered }
  }
  return (
    <>
      <SettingList<Receiver> items={value} most={mostInReminder.receivers} add={() => begun(offered[0] ?? 'role', false)} addLabel="再加一类人" onChange={onChange}>
        {(one, set) => (
          <div className="r-receiver">
            <span className="r-inline">
              <Pick<Receiver['who']> label="提醒谁" value={one.who} options={optionsOf(kinds, offered)} onChange={(who) => set(begun(who, one.gathered))} />
              {one.who === 'role' && (
                <>
                  <Pick label="范围" value={one.of} options={optionsOf(reaches)} onChange={(of) => set({ ...one, of })} />
                  <Pick label="角色" value={one.role} options={roles} onChange={(role) => set({ ...one, role })} />
                </>
              )}
              {one.who === 'field' && <Pick label="哪个人员字段" value={one.field} options={people} onChange={(field) => set({ ...one, field })} />}
            </span>
            {one.who === 'people' && <PersonsPicker value={one.people} onChange={(chosen) => set({ ...one, people: chosen })} />}
            {!isEach && (
              <Checkbox checked={one.gathered} onChange={(event) => set({ ...one, gathered: event.target.checked })}>
                汇总成一条
              </Checkbox>
            )}
          </div>
        )}
      </SettingList>
      <Problem problems={problems} at={at} isDeep />
    </>
  )
} // prettier-ignore
