import { RotateLeftOutlined, RotateRightOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons'
import { useEffect, useRef, useState, type PointerEvent, type WheelEvent } from 'react'
import { fitOf, moved, plainLook, turned, zoomed, type Look, type Size } from './zoom.ts'

interface Props {
  address: string
  name: string
  onFault: () => void
  /** A swipe over a picture that is seen whole: 1 the next, -1 the one before. */
  onSwipe: (by: 1 | -1) => void
}
const step = 1.4
const swipe = 60

/** A picture to be looked at closely: wheel, keys and double click, or fingers. */
export function Picture({ address, name, onFault, onSwipe }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 })
  const [picture, setPicture] = useState<Size>({ width: 0, height: 0 })
  const [look, setLook] = useState<Look>(plainLook)
  const fingers = useRef(new Map<number, { x: number; y: number }>())
  const begun = useRef<{ x: number; y: number } | null>(null)
  useEffect(() => {
    const box = frame.current!
    const watch = new ResizeObserver(() => setRoom({ width: box.clientWidth, height: box.clientHeight }))
    watch.observe(box)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '+' || event.key === '=') setLook((now) => zoomed(now, step))
      else if (event.key === '-') setLook((now) => zoomed(now, 1 / step))
      else if (event.key === '0') setLook(plainLook)
      else if (event.key === 'r' || event.key === 'R') setLook((now) => turned(now, event.shiftKey ? -1 : 1))
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  const fromMiddle = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const box = frame.current!.getBoundingClientRect()
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 }
  }
  const onWheel = (event: WheelEvent) => setLook((now) => zoomed(now, Math.exp(-event.deltaY / 400), fromMiddle(event)))
  function onDown(event: PointerEvent) {
    event.currentTarget.setPointerCapture(event.pointerId)
    const at = fromMiddle(event)
    fingers.current.set(event.pointerId, at)
    begun.current = fingers.current.size === 1 ? at : null
  }
  function onMove(event: PointerEvent) {
    const before = fingers.current.get(event.pointerId)
    if (!before) return
    const at = fromMiddle(event)
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1]
    fingers.current.set(event.pointerId, at)
    if (!other) return setLook((now) => moved(now, at.x - before.x, at.y - before.y, picture, room))
    const apart = (one: { x: number; y: number }) => Math.hypot(one.x - other.x, one.y - other.y)
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 }
    if (apart(before) > 0) setLook((now) => zoomed(now, apart(at) / apart(before), middle))
  }
  function onUp(event: PointerEvent) {
    const at = fingers.current.get(event.pointerId)
    fingers.current.delete(event.pointerId)
    const from = begun.current
    begun.current = null
    if (!at || !from || event.pointerType === 'mouse' || look.zoom > 1.01) return
    const across = at.x - from.x
    if (Math.abs(across) > swipe && Math.abs(across) > 2 * Math.abs(at.y - from.y)) onSwipe(across < 0 ? 1 : -1)
  }
  const scale = fitOf(picture, room, look.turn) * look.zoom
  return (
    <>
      <div
        ref={frame}
        className="x-picture-frame"
        onWheel={onWheel}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
        onDoubleClick={(event) =>
          setLook((now) => (now.zoom > 1.01 ? { ...plainLook, turn: now.turn } : zoomed(now, 2.5, fromMiddle(event))))
        }
      >
        <img
          src={address}
          alt={name}
          draggable={false}
          onError={onFault}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setPicture({ width: naturalWidth, height: naturalHeight })}
          style={{
            visibility: picture.width && room.width ? 'visible' : 'hidden',
            transform: `translate(-50%, -50%) translate(${look.x}px, ${look.y}px) rotate(${look.turn * 90}deg) scale(${scale})`,
          }}
        />
      </div>
      <div className="x-picture-acts" role="toolbar" aria-label="看图">
        <button type="button" aria-label="缩小" onClick={() => setLook((now) => zoomed(now, 1 / step))}>
          <ZoomOutOutlined />
        </button>
        <button type="button" aria-label="适合窗口" title="适合窗口（0）" onClick={() => setLook({ ...plainLook, turn: look.turn })}>
          {Math.round(scale * 100)}%
        </button>
        <button type="button" aria-label="放大" onClick={() => setLook((now) => zoomed(now, step))}>
          <ZoomInOutlined />
        </button>
        <button type="button" aria-label="向左转" onClick={() => setLook((now) => turned(now, -1))}>
          <RotateLeftOutlined />
        </button>
        <button type="button" aria-label="向右转" onClick={() => setLook((now) => turned(now, 1))}>
          <RotateRightOutlined />
        </button>
      </div>
    </>
  )
}
