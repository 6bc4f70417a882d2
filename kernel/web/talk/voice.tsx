import { AudioOutlined } from '@ant-design/icons'
import { longestVoice } from '#model'
import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../api/problem.ts'
import { upload } from '../fields/upload.ts'

const kinds = [
  ['audio/webm;codecs=opus', 'webm'],
  ['audio/mp4', 'mp4'],
] as const
const refusals: Readonly<Record<string, string>> = {
  NotAllowedError: '没有使用麦克风的权限，请在浏览器设置中允许本站使用麦克风',
  NotFoundError: '没有找到麦克风',
  NotReadableError: '麦克风被其他程序占用',
}
/** Records with the browser's own recorder: begun by a touch, sent or thrown away by another. */
export function VoiceButton({ onRecorded, isDisabled }: { onRecorded: (file: string, seconds: number) => void; isDisabled: boolean }) {
  const { message } = App.useApp()
  const recorder = useRef<MediaRecorder | null>(null)
  const isKept = useRef(false)
  const [seconds, setSeconds] = useState<number | null>(null)
  const [isSending, setSending] = useState(false)
  useEffect(() => () => void (recorder.current?.state === 'recording' && recorder.current.stop()), [])
  const stop = (keep: boolean) => {
    isKept.current = keep
    if (recorder.current?.state === 'recording') recorder.current.stop()
  }
  async function begin() {
    const kind = typeof MediaRecorder === 'undefined' ? undefined : kinds.find(([type]) => MediaRecorder.isTypeSupported(type))
    // Browsers give the microphone to pages that came encrypted, and to this machine's own.
    if (!kind || !('mediaDevices' in navigator)) return void message.warning('这个浏览器不能录音；请用较新的浏览器，并以 https 打开本站')
    try {
      record(await navigator.mediaDevices.getUserMedia({ audio: true }), kind)
    } catch (error) {
      void message.warning(refusals[(error as DOMException).name] ?? '不能录音')
    }
  }
  function record(stream: MediaStream, [type, ending]: (typeof kinds)[number]) {
    const began = performance.now()
    const pieces: Blob[] = []
    const own = new MediaRecorder(stream, { mimeType: type })
    const clock = setInterval(() => {
      const passed = Math.floor((performance.now() - began) / 1000)
      setSeconds(passed)
      if (passed >= longestVoice) stop(true)
    }, 250)
    own.addEventListener('dataavailable', ({ data }) => void pieces.push(data))
    own.addEventListener('stop', () => {
      clearInterval(clock)
      for (const track of stream.getTracks()) track.stop()
      setSeconds(null)
      if (isKept.current) void finish(new File(pieces, `语音.${ending}`, { type }), Math.min(longestVoice, Math.max(1, Math.round((performance.now() - began) / 1000)))) // prettier-ignore
    })
    recorder.current = own
    isKept.current = false
    own.start()
    setSeconds(0)
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
