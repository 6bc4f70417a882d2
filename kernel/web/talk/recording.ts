import { longestVoice } from '#model'

const kinds = [
  { type: 'audio/webm;codecs=opus', ending: 'webm' },
  { type: 'audio/mp4', ending: 'mp4' },
] as const
type Kind = (typeof kinds)[number]
/** How this browser records; undefined: not at all. */
export const kindOfRecording = (): Kind | undefined =>
  typeof MediaRecorder === 'undefined' ? undefined : kinds.find(({ type }) => MediaRecorder.isTypeSupported(type))

export interface Recording {
  /** Ends it; what is not kept is thrown away. */
  stop: (keep: boolean) => void
}
interface Heard {
  onPassed: (seconds: number) => void
  /** Null: it was thrown away. */
  onEnd: (file: File | null, seconds: number) => void
}
/** Records what the microphone hears, no longer than a message may be. */
export function record(stream: MediaStream, { type, ending }: Kind, { onPassed, onEnd }: Heard): Recording {
  const began = performance.now()
  const passed = () => (performance.now() - began) / 1000
  const pieces: Blob[] = []
  const recorder = new MediaRecorder(stream, { mimeType: type })
  let isKept = false
  const stop = (keep: boolean) => {
    isKept = keep
    if (recorder.state === 'recording') recorder.stop()
  }
  const clock = setInterval(() => {
    onPassed(Math.floor(passed()))
    if (passed() >= longestVoice) stop(true)
  }, 250)
  recorder.addEventListener('dataavailable', ({ data }) => void pieces.push(data))
  recorder.addEventListener('stop', () => {
    clearInterval(clock)
    for (const track of stream.getTracks()) track.stop()
    const seconds = Math.min(longestVoice, Math.max(1, Math.round(passed())))
    onEnd(isKept ? new File(pieces, `语音.${ending}`, { type }) : null, seconds)
  })
  recorder.start()
  return { stop }
}
