import type { FieldProblem, Reminder, ReminderDetail } from '#model'

export interface FormProps {
  opened: ReminderDetail
  draft: Reminder
  problems: readonly FieldProblem[]
  onChange: (draft: Reminder) => void
}
/** What is wrong at this place, and below it where `isDeep`. */
export function Problem({ problems, at, isDeep = false }: { problems: readonly FieldProblem[]; at: string; isDeep?: boolean }) {
  const found = problems.find(({ field }) => field === at || (isDeep && field.startsWith(`${at}.`)))
  return found ? (
    <p className="x-problem" role="alert">
      {found.message}
    </p>
  ) : null
}
