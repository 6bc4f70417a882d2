import type { FileValue, Problem } from '#model'
import { ApiError, Unreachable } from '../api/problem.ts'
import { session } from '../api/session.ts'

/** Sends one file, telling how far it is (fetch cannot). After a renewed session it is sent again. */
export async function upload(file: File, onProgress: (share: number) => void, signal?: AbortSignal): Promise<FileValue> {
  const ready = await shrunk(file)
  for (let attempt = 0; ; attempt++) {
    const answer = await sendOnce(ready, onProgress, signal)
    if (answer.status >= 200 && answer.status < 300) return answer.body as FileValue
    if (answer.status === 401) await session.renew()
    else if ((answer.status === 0 || answer.status === 503) && attempt < 3)
      await new Promise((resolve) => setTimeout(resolve, 1000 * (attempt + 1)))
    else if (answer.status === 0) throw new Unreachable()
    else
      throw new ApiError({
        type: 'about:blank',
        code: 'fault',
        title: '文件没有传上去',
        ...(answer.body as Partial<Problem>),
        status: answer.status,
      })
  }
}

function sendOnce(file: File, onProgress: (share: number) => void, signal?: AbortSignal): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    request.open('POST', '/api/files')
    request.responseType = 'json'
    if (session.me) request.setRequestHeader('x-csrf-token', session.me.csrf)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => resolve({ status: request.status, body: request.response })
    request.onerror = () => resolve({ status: 0, body: null })
    signal?.addEventListener('abort', () => {
      request.abort()
      reject(new DOMException('aborted', 'AbortError'))
    })
    request.send(form)
  })
}

const longestSide = 2400
/** A phone's 12-megapixel picture is made small enough for evidence before it travels. */
async function shrunk(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < 1_500_000) return file
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.86))
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' }) : file
  } catch {
    return file
  }
}

export const formatBytes = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`

/** Does a file fit `['image/*', 'application/pdf', '.docx']`? */
export const isAccepted = (file: { type: string; name: string }, accept: readonly string[] | undefined): boolean =>
  !accept ||
  accept.some((rule) =>
    rule.startsWith('.')
      ? file.name.toLowerCase().endsWith(rule.toLowerCase())
      : rule.endsWith('/*')
        ? file.type.startsWith(rule.slice(0, -1))
        : file.type === rule,
  )
