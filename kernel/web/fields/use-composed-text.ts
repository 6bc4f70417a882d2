import { useEffect, useRef, useState, type ChangeEvent, type CompositionEvent } from 'react'

type Target = HTMLInputElement | HTMLTextAreaElement

/**
 * Text typed with an input method: `input` follows each key, `settled` only finished words after a pause.
 * So "zhang" on its way to 张 asks the server nothing.
 */
export function useComposedText(initial: string, pause = 250) {
  const [text, setText] = useState(initial)
  const [settled, setSettled] = useState(initial)
  const [isComposing, setComposing] = useState(false)
  useEffect(() => {
    if (isComposing || text === settled) return
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text, settled, isComposing, pause])
  return {
    text,
    settled,
    set: (next: string) => {
      setText(next)
      setSettled(next)
    },
    input: {
      value: text,
      onChange: (event: ChangeEvent<Target>) => setText(event.target.value),
      onCompositionStart: () => setComposing(true),
      onCompositionEnd: (event: CompositionEvent<Target>) => {
        setComposing(false)
        setText(event.currentTarget.value)
      },
    },
  }
}

/** For inputs of the component library that report each half-written word: their search, settled. Spread `around` on an element around them. */
export function useSettledSearch(pause = 250) {
  const [settled, setSettled] = useState('')
  const composing = useRef(false)
  const last = useRef('')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const later = () => {
    clearTimeout(timer.current)
    if (!composing.current) timer.current = setTimeout(() => setSettled(last.current.trim()), pause)
  }
  return {
    settled,
    onSearch: (text: string) => {
      last.current = text
      later()
    },
    around: {
      onCompositionStart: () => {
        composing.current = true
        clearTimeout(timer.current)
      },
      onCompositionEnd: () => {
        composing.current = false
        later()
      },
    },
  }
}
