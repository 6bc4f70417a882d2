import type { ReactNode } from 'react'

interface Props {
  /** The figure in words: what is heard of it, and read when it is pointed at. */
  said: string
  onPick: (() => void) | undefined
  children: ReactNode
}
/** One figure of a drawing: by mouse, finger and keyboard it leads to its records. */
export function Mark({ said, onPick, children }: Props) {
  return (
    <g
      className="x-mark"
      role={onPick ? 'button' : 'img'}
      tabIndex={onPick ? 0 : undefined}
      aria-label={said}
      onClick={onPick}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        onPick?.()
      }}
    >
      <title>{said}</title>
      {children}
    </g>
  )
}
