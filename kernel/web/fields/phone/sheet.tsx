import { CloseOutlined } from '@ant-design/icons'
import { useEffect, useRef, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import './sheet.css'

interface Props {
  title: string
  isTall?: boolean
  onClose: () => void
  act?: { label: string; run: () => void } | undefined
  children: ReactNode
}
let openSheets = 0
/** The page behind cannot be reached while a sheet is open; popups of inputs in the sheet can, as they stand beside the root. */
function useInertPage(): void {
  useEffect(() => {
    const root = document.getElementById('root')
    if (++openSheets === 1) root?.setAttribute('inert', '')
    return () => {
      if (--openSheets === 0) root?.removeAttribute('inert')
    }
  }, [])
}

/** What rises from the lower edge of a phone. */
export function Sheet({ title, isTall = false, onClose, act, children }: Props) {
  const sheet = useRef<HTMLDivElement>(null)
  useInertPage()
  useEffect(() => {
    const before = document.activeElement
    sheet.current?.focus()
    return () => {
      if (before instanceof HTMLElement) setTimeout(() => before.focus())
    }
  }, [])
  return createPortal(
    // React carries clicks of a portal to its parents in the tree: a sheet within a label must not press it.
    <div className="x-sheet-shade" onClick={(event) => (event.stopPropagation(), event.target === event.currentTarget && onClose())}>
      <div
        ref={sheet}
        className={`x-sheet ${isTall ? 'tall' : ''}`}
        role="dialog"
        aria-modal
        aria-label={title}
        tabIndex={-1}
        onKeyDown={(event) => event.key === 'Escape' && (event.stopPropagation(), onClose())}
      >
        <header>
          <button type="button" className="x-icon-button" aria-label="关闭" onClick={onClose}>
            <CloseOutlined />
          </button>
          <h2>{title}</h2>
          {act ? (
            <button type="button" className="x-sheet-act" onClick={act.run}>
              {act.label}
            </button>
          ) : (
            <span />
          )}
        </header>
        <div className="x-sheet-body">{children}</div>
      </div>
    </div>,
    document.body,
  )
}

/** The closed form of an input that opens a sheet. */
interface TriggerProps {
  id: string
  isDisabled?: boolean | undefined
  isInvalid?: boolean | undefined
  placeholder: string
  onOpen: () => void
  children?: ReactNode
}
export function SheetTrigger({ id, isDisabled, isInvalid, placeholder, onOpen, children }: TriggerProps) {
  return (
    <button id={id} type="button" className={`x-sheet-trigger ${isInvalid ? 'invalid' : ''}`} disabled={isDisabled} onClick={onOpen}>
      {children ?? <span className="x-faint">{placeholder}</span>}
    </button>
  )
}
