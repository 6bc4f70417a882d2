import { useEffect } from 'react'
import { usePage } from '../shell/page-context.tsx'

/** Ctrl Z and Ctrl Y, except where one types: there they are the field's own. `mayChange` false: nothing behind a dialog changes. */
export function useUndoKeys({ undo, redo }: { undo: () => void; redo: () => void }, mayChange: boolean): void {
  const { isActive } = usePage()
  useEffect(() => {
    if (!isActive) return
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || (event.target instanceof HTMLElement && event.target.matches('input, textarea'))) return
      const key = event.key.toLowerCase()
      if (key !== 'z' && key !== 'y') return
      // Left to itself the browser would take back what was typed last, wherever that was.
      event.preventDefault()
      if (!mayChange) return
      if (key === 'y' || event.shiftKey) redo()
      else undo()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [isActive, mayChange, undo, redo])
}
