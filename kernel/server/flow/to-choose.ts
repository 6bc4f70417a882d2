import type { ChoosePeople } from '#model'
import type { ToChoose } from '#kernel/model/flow/choices.ts'
import type { Context } from '../context.ts'

/** The choices as people read them: the applicant himself, and who has left, are never among them. */
export const toChoose = (ctx: Context, choices: readonly ToChoose[], applicant: string, fill: (text: string) => string): ChoosePeople[] =>
  choices.map(({ step, label, max, range }) => ({
    step,
    label: fill(label),
    ...(max ? { max } : {}),
    ...(range
      ? { range: range.filter((one) => one !== applicant && ctx.directory.isActive(one)).map((id) => ({ id, name: ctx.directory.nameOf(id), unitName: ctx.directory.unitName(ctx.directory.people.get(id)?.unit ?? null) })) }
      : {}),
  })) // prettier-ignore
