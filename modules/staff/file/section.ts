import { files, reference, resource, type Field, type Fields, type ListSpec, type Resource } from '#model'
import { reviewBy, type Office } from './offices.ts'

export const chapters = {
  learning: '学习与培训',
  work: '工作与任职',
  science: '学术科研',
  conduct: '荣誉与考评',
  personal: '家庭与政治面貌',
} as const

interface SectionSpec<F extends Fields> {
  /** Which of its fields names a record. */
  title: keyof F & string
  chapter: keyof typeof chapters
  /** Who agrees to what is added and changed. */
  office: Office
  fields: F
  /** Columns of its list, after the person and his department. */
  list: readonly (keyof F & string)[]
  filters?: readonly (keyof F & string)[]
  /** Newest first, by this field. */
  by: keyof F & string
  rules?: Resource['rules']
  views?: ListSpec['views']
  /** What proof is called, and when it must be there. */
  evidence?: { label: string; requiredWhen?: string }
}
const pictures = ['image/*', 'application/pdf']

/** A part of the staff file: lines that belong to one person, with their proof, each new or changed line agreed to by the office that owns the part. */
export function section<const F extends Fields>(name: `staff.${string}`, label: string, spec: SectionSpec<F>): Resource {
  const { requiredWhen, label: proof } = { requiredWhen: undefined, label: '证明材料', ...spec.evidence }
  const fields: Record<string, Field> = {
    practitioner: reference('医务人员', 'staff.practitioner', { required: true, default: 'me' }),
    ...spec.fields,
    evidence: files(proof, { accept: pictures, ...(requiredWhen ? { requiredWhen } : {}) }),
  }
  return resource(name, {
    label,
    title: spec.title,
    owner: { person: 'practitioner' },
    chapter: chapters[spec.chapter],
    approval: reviewBy(spec.office),
    fields,
    ...(spec.rules ? { rules: spec.rules } : {}),
    indexes: [['practitioner', spec.by]],
    list: {
      columns: ['practitioner', 'practitioner.unit', ...spec.list, 'state'],
      filters: ['practitioner.unit', ...(spec.filters ?? []), spec.by, 'state'],
      sort: [`-${spec.by}`],
      ...(spec.views ? { views: spec.views } : {}),
    },
  })
}
/** A stretch of time that does not end before it begins. */
export const inOrder = { at: 'to', holds: 'to == null || from == null || to >= from', message: '结束日期不能早于开始日期' } as const
