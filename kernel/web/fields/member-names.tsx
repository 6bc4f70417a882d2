import { memberTargets, postLabels, readMember } from '#model'
import { ApartmentOutlined, IdcardOutlined, UserOutlined } from '@ant-design/icons'
import { Nothing } from './display.tsx'
import { asList } from './field-view.ts'
import { useTitle } from './titles.tsx'

const icons = { person: UserOutlined, unit: ApartmentOutlined, post: IdcardOutlined }

/** One member by name, with a sign of what it is. */
export function MemberTag({ member }: { member: string }) {
  const read = readMember(member)
  const target = read ? memberTargets[read.kind] : undefined
  const title = useTitle(target ?? '', target && read ? read.id : '')
  if (!read) return null
  const Icon = icons[read.kind]
  return (
    <span className="x-member">
      <Icon aria-hidden /> {read.kind === 'post' ? `各${postLabels[read.id]}` : (title ?? '…')}
    </span>
  )
}
export function MemberNames({ value }: { value: unknown }) {
  const members = asList(value)
  return members.length ? (
    <span className="x-tags">
      {members.map((member) => (
        <MemberTag key={member} member={member} />
      ))}
    </span>
  ) : (
    <Nothing />
  )
}
