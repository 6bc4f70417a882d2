import { Input, type GetRef, type InputProps, type InputRef } from 'antd'
import type { TextAreaProps } from 'antd/es/input'
import { useEffect, useRef } from 'react'

/** The first field of a dialog: the cursor stands in it. `autoFocus` comes too early, for a dialog is put into the page only after its fields. */
export function FirstInput(props: InputProps) {
  const input = useRef<InputRef>(null)
  useEffect(() => input.current?.focus(), [])
  return <Input ref={input} {...props} />
}
/** The same, of several lines. */
export function FirstText(props: TextAreaProps) {
  const input = useRef<GetRef<typeof Input.TextArea>>(null)
  useEffect(() => input.current?.focus(), [])
  return <Input.TextArea ref={input} {...props} />
}
