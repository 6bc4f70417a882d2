import { Button } from 'antd'
import { useEffect, useRef, useState, type PointerEvent } from 'react'
import { useMe } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { upload } from './upload.ts'

interface PadProps {
  /** What is signed, shown above the pad. */
  title?: string
  onSigned: (fileId: string) => void
  onClose: () => void
}

/** A pad over the page: pen, finger or mouse. Stored as a PNG; answers the file's id. */
export function SignaturePad({ title = '手写签名', onSigned, onClose }: PadProps) {
  const { person, account } = useMe()
  const dialog = useRef<HTMLDialogElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const last = useRef<{ x: number; y: number; width: number } | null>(null)
  const [hasInk, setInk] = useState(false)
  const [problem, setProblem] = useState('')
  const [isSending, setSending] = useState(false)

  useEffect(() => {
    dialog.current?.showModal()
    clear()
  }, [])

  function clear() {
    const pad = canvas.current
    if (!pad) return
    const { width, height } = pad.getBoundingClientRect()
    pad.width = width * 2
    pad.height = height * 2
    setInk(false)
  }
  function pointOf(event: PointerEvent<HTMLCanvasElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: (event.clientX - box.left) * 2, y: (event.clientY - box.top) * 2 }
  }
  function draw(event: PointerEvent<HTMLCanvasElement>) {
    const from = last.current
    const context = canvas.current?.getContext('2d')
    if (!from || !context) return
    const to = pointOf(event)
    // A quick stroke is thin, a slow one thick, as with a pen.
    const speed = Math.hypot(to.x - from.x, to.y - from.y)
    const width = from.width * 0.7 + Math.max(3, 8 - speed / 12) * 0.3
    context.lineCap = 'round'
    context.strokeStyle = '#10191b'
    context.lineWidth = width
    context.beginPath()
    context.moveTo(from.x, from.y)
    context.lineTo(to.x, to.y)
    context.stroke()
    last.current = { ...to, width }
    setInk(true)
  }
  async function save() {
    const blob = await new Promise<Blob | null>((resolve) => canvas.current?.toBlob(resolve, 'image/png'))
    if (!blob) return
    setSending(true)
    setProblem('')
    try {
      onSigned((await upload(new File([blob], '签名.png', { type: 'image/png' }))).id)
      onClose()
    } catch (error) {
      setProblem(messageOf(error))
    }
    setSending(false)
  }
  return (
    <dialog ref={dialog} className="x-pad" aria-label={title} onClose={onClose}>
      <h2>{title}</h2>
      <p className="x-muted">{person?.name ?? account.name}，请在框内签名</p>
      <canvas
        ref={canvas}
        aria-label="签名区"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          last.current = { ...pointOf(event), width: 6 }
        }}
        onPointerMove={draw}
        onPointerUp={() => (last.current = null)}
      />
      <p className="x-problem" role="alert">
        {problem}
      </p>
      <footer>
        <Button onClick={clear} disabled={!hasInk}>
          重写
        </Button>
        <span className="x-space" />
        <Button onClick={onClose}>取消</Button>
        <Button type="primary" disabled={!hasInk} loading={isSending} onClick={() => void save()}>
          使用这个签名
        </Button>
      </footer>
    </dialog>
  )
}
