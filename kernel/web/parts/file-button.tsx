import { Button } from 'antd'
import { useRef, type ReactNode } from 'react'

interface Props {
  /** What the file is, for those who hear the page. */
  label: string
  accept: string
  onFile: (file: File) => void
  icon?: ReactNode
  children: ReactNode
}
/** Asks for one file. The same file may be chosen again, mended. */
export function FileButton({ label, accept, onFile, icon, children }: Props) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button icon={icon} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
    </>
  )
}
