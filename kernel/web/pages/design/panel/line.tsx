import type { ReactNode } from 'react'

/** One thing that is set, under its name, with what is wrong of it. */
export function Line({ label, problem, children }: { label: string; problem?: string | undefined; children: ReactNode }) {
  return (
    <label className="x-panel-line">
      <span>{label}</span>
      {children}
      {problem && (
        <em className="x-problem" role="alert">
          {problem}
        </em>
      )}
    </label>
  )
}
