import type { ReactNode } from 'react'

interface Props<K extends string> {
  tabs: readonly { key: K; label: ReactNode }[]
  shown: K
  onShow: (key: K) => void
  isPrinted?: boolean
}
/** What a page or a part of it shows one at a time. */
export function TabsLine<K extends string>({ tabs, shown, onShow, isPrinted = true }: Props<K>) {
  return (
    <div className={`x-tabs-line ${isPrinted ? '' : 'x-no-print'}`} role="tablist">
      {tabs.map(({ key, label }) => (
        <button key={key} type="button" role="tab" aria-selected={key === shown} onClick={() => onShow(key)}>
          {label}
        </button>
      ))}
    </div>
  )
}
