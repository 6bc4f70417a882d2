import { LockFilled, SafetyCertificateFilled } from '@ant-design/icons'
import { classOf, fieldClasses, isProtected, type Field } from '#model'
import './class-mark.css'

const means = {
  sensitive: '敏感：加密保存，默认打码',
  highlySensitive: '高敏感：加密保存，一律打码，逐个查看并留痕',
} as const

/** Says how carefully a field is treated, where that is more than usual: by a word on forms and files, by its sign alone in a table's head. */
export function ClassMark({ field, isBrief = false }: { field: Field; isBrief?: boolean }) {
  const level = classOf(field)
  if (level !== 'sensitive' && level !== 'highlySensitive') return null
  const Sign = level === 'sensitive' ? SafetyCertificateFilled : LockFilled
  return (
    <span className={`x-class ${level}`} title={means[level]}>
      <Sign aria-hidden />
      <span className={isBrief ? 'x-screen-reader' : ''}>{fieldClasses[level]}</span>
    </span>
  )
}
/** The class name of a field's place, by which protected ones look different at a glance. */
export const placeOf = (field: Field): string => (isProtected(field) ? `x-of-${classOf(field)}` : '')
