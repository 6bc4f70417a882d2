import { memberKindsOf, memberTargets, postLabels, readMember, scalarsOf, type MemberKind } from '#model'
import { CloseOutlined } from '@ant-design/icons'
import { Segmented, Select } from 'antd'
import { useState } from 'react'
import { asList, type FilterValueProps, type InputProps } from '../field-view.ts'
import { MemberTag } from '../member-names.tsx'
import { PhoneRecordPicker } from '../phone/phone-inputs.tsx'
import { RecordsPicker } from '../record-picker.tsx'
import { UnitsPicker } from '../unit-picker.tsx'
import { useIsPhone } from '../../shell/use-is-phone.ts'
import './inputs.css'

const kindLabels: Record<MemberKind, string> = { person: '人员', unit: '科室', post: '职务' }
const posts = Object.entries(postLabels).map(([value, label]) => ({ value, label: `各${label}` }))

interface Props {
  id: string
  kinds: readonly MemberKind[]
  value: readonly string[]
  isDisabled?: boolean | undefined
  isInvalid?: boolean | undefined
  onChange: (members: string[]) => void
  onBlur?: (() => void) | undefined
}
/** People, units and posts side by side: which of them is chosen from changes, what is chosen stays. */
function Members({ id, kinds, value, isDisabled, isInvalid, onChange, onBlur }: Props) {
  const [kind, setKind] = useState<MemberKind>(kinds[0] ?? 'person')
  const isPhone = useIsPhone()
  const idsOf = (of: MemberKind) => value.flatMap((one) => (readMember(one)?.kind === of ? [readMember(one)!.id] : []))
  const put = (ids: readonly string[]) =>
    onChange([...value.filter((one) => readMember(one)?.kind !== kind), ...ids.map((one) => `${kind}:${one}`)])
  const shared = { id, isDisabled, isInvalid, onBlur }
  return (
    <div className="x-members">
      <div className="x-members-line">
        {kinds.length > 1 && (
          <Segmented
            value={kind}
            block={isPhone}
            disabled={isDisabled ?? false}
            options={kinds.map((one) => ({ value: one, label: kindLabels[one] }))}
            onChange={setKind}
          />
        )}
        {kind === 'post' ? (
          <Select
            id={id}
            mode="multiple"
            value={idsOf('post')}
            options={posts}
            placeholder="选择职务"
            disabled={isDisabled ?? false}
            status={isInvalid ? 'error' : ''}
            onChange={put}
            onBlur={onBlur}
          />
        ) : isPhone ? (
          <PhoneRecordPicker
            {...shared}
            label={kindLabels[kind]}
            target={memberTargets[kind]!}
            ids={idsOf(kind)}
            isMany
            placeholder={`选择${kindLabels[kind]}`}
            onPick={put}
          />
        ) : kind === 'unit' ? (
          <UnitsPicker {...shared} value={idsOf('unit')} onChange={put} />
        ) : (
          <RecordsPicker
            {...shared}
            target="directory.person"
            placeholder="姓名、拼音首字母或工号"
            value={idsOf('person')}
            onChange={put}
          />
        )}
      </div>
      {kinds.length > 1 && value.length > 0 && (
        <div className="x-chip-list">
          {value.map((member) => (
            <span key={member} className="x-member-chip">
              <MemberTag member={member} />
              {!isDisabled && (
                <button type="button" aria-label="移除" onClick={() => onChange(value.filter((one) => one !== member))}>
                  <CloseOutlined />
                </button>
              )}
            </span>
          ))}
        </div>
      )}
    </div>
  )
}
export function MembersInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled }: InputProps<'members'>) {
  return (
    <Members
      {...{ id, isInvalid, isDisabled, onBlur }}
      kinds={memberKindsOf(field)}
      value={asList(value)}
      onChange={(members) => onChange(members.length ? members : null)}
    />
  )
}
export function MembersFilterValue({ field, value, onChange }: FilterValueProps<'members'>) {
  return (
    <Members
      id="members-filter"
      kinds={memberKindsOf(field)}
      value={scalarsOf(value).map(String)}
      onChange={(members) => onChange(members.length ? members : undefined)}
    />
  )
}
