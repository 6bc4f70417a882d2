import { AudioOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../api/problem.ts'
import { upload } from '../fields/upload.ts'
import { kindOfRecording, record, type Recording } from './recording.ts'

const refusals: Readonly<Record<string, string>> = {
  NotAllowedError: '没有使用麦克风的权限，请在浏览器设置中允许本站使用麦克风',
  NotFoundError: '没有找到麦克风',
  NotReadableError: '麦克风被其他程序占用',
}
/** Records with the browser's own recorder: begun by a touch, sent or thrown away by another. */
export function VoiceButton({ onRecorded, isDisabled }: { onRecorded: (file: string, seconds: number) => void; isDisabled: boolean }) {
  const { message } = App.useApp()
  const recording = useRef<Recording | null>(null)
  const [seconds, setSeconds] = useState<number | null>(null)
  const [isSending, setSending] = useState(false)
  useEffect(() => () => recording.current?.stop(false), [])
  const stop = (keep: boolean) => recording.current?.stop(keep)
  async function begin() {
    const kind = kindOfRecording()
    // Browsers give the microphone to pages that came encrypted, and to this machine's own.
    if (!kind || !('mediaDevices' in navigator)) return void message.warning('这个浏览器不能录音；请用较新的浏览器，并以 https 打开本站')
    try {
      recording.current = record(await navigator.mediaDevices.getUserMedia({ audio: true }), kind, {
        onPassed: setSeconds,
        onEnd(file, length) {
          setSeconds(null)
          if (file) void finish(file, length)
        },
      })
      setSeconds(0)
    } catch (error) {
      void message.warning(refusals[(error as DOMException).name] ?? '不能录音')
    }
  }
  async function finish(file: File, length: number) {
    setSending(true)
    try {
      onRecorded((await upload(file)).id, length)
    } catch (error) {
      void message.error(messageOf(error))
    } finally {
      setSending(false)
    }
  }
  if (seconds === null)
    return (
      <Button type="text" icon={<AudioOutlined />} aria-label="语音" title="语音" loading={isSending} disabled={isDisabled} onClick={() => void begin()} />
    )
  return (
    <span className="t-recording" role="status">
      <i aria-hidden /> 正在录音 {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
      <Button size="small" onClick={() => stop(false)}>
        取消
      </Button>
      <Button size="small" type="primary" onClick={() => stop(true)}>
        发送语音
      </Button>
    </span>
  )
} // prettier-ignore
