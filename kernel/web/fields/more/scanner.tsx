import { PictureOutlined } from '@ant-design/icons'
import { BrowserMultiFormatReader, type IScannerControls } from '@zxing/browser'
import { useEffect, useRef, useState } from 'react'
import { Sheet } from '../phone/sheet.tsx'
import './inputs.css'

interface Props {
  title: string
  onRead: (text: string) => void
  onClose: () => void
}
/** The camera's picture, read until it holds a code; where there is no camera, a picture of one. */
export default function Scanner({ title, onRead, onClose }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const done = useRef(onRead)
  useEffect(() => {
    done.current = onRead
  })
  const [problem, setProblem] = useState<string | null>(
    isSecureContext && 'mediaDevices' in navigator ? null : '这里不能使用摄像头（须经 https 打开），可选一张照片识别',
  )
  useEffect(() => {
    if (!isSecureContext || !('mediaDevices' in navigator) || !video.current) return
    let controls: IScannerControls | null = null
    let isOver = false
    new BrowserMultiFormatReader()
      .decodeFromConstraints({ video: { facingMode: { ideal: 'environment' } } }, video.current, (result, _, running) => {
        if (!result || isOver) return
        isOver = true
        running.stop()
        done.current(result.getText())
      })
      .then((running) => {
        controls = running
        if (isOver) running.stop()
      })
      .catch(() => setProblem('没有得到使用摄像头的许可，可选一张照片识别'))
    return () => {
      isOver = true
      controls?.stop()
    }
  }, [])
  async function readPicture(file: File | undefined) {
    if (!file) return
    const address = URL.createObjectURL(file)
    try {
      done.current((await new BrowserMultiFormatReader().decodeFromImageUrl(address)).getText())
    } catch {
      setProblem('这张照片里没有认出条码，请靠近些、拍正些再试')
    } finally {
      URL.revokeObjectURL(address)
    }
  }
  return (
    <Sheet title={`扫码 · ${title}`} onClose={onClose}>
      <div className="x-scanner">
        <video ref={video} muted playsInline hidden={problem !== null} aria-label="摄像头画面" />
        {problem ? <p className="x-problem">{problem}</p> : <p className="x-faint">将条码或二维码放入画面</p>}
        <label className="x-file-button">
          <PictureOutlined aria-hidden /> 从照片识别
          <input type="file" accept="image/*" onChange={(event) => void readPicture(event.target.files?.[0])} />
        </label>
      </div>
    </Sheet>
  )
}
