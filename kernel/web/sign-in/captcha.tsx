import type { CaptchaPicture } from '#model'
import { useEffect, useId, useState } from 'react'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'

export interface Captcha {
  id: string
  answer: string
}
const newPicture = () => api.post<CaptchaPicture>('/api/sign-in/captcha')
/** A picture of digits to be read, and its answer. Mounted anew (by its key) it asks for a new picture. */
export function CaptchaInput({ onChange }: { onChange: (captcha: Captcha | null) => void }) {
  const id = useId()
  const [picture, setPicture] = useState<CaptchaPicture | null>(null)
  const [problem, setProblem] = useState('')
  const [answer, setAnswer] = useState('')
  const failed = (error: unknown) => setProblem(messageOf(error))
  useEffect(() => void newPicture().then(setPicture, failed), [])
  function another() {
    setAnswer('')
    setProblem('')
    onChange(null)
    void newPicture().then(setPicture, failed)
  }
  return (
    <>
      <label htmlFor={id}>图形验证码</label>
      <div className="si-captcha">
        <input
          id={id}
          name="captcha"
          inputMode="numeric"
          autoComplete="off"
          maxLength={8}
          placeholder="图中的数字"
          value={answer}
          onChange={(event) => {
            setAnswer(event.target.value)
            onChange(picture && event.target.value ? { id: picture.id, answer: event.target.value } : null)
          }}
        />
        <button type="button" onClick={another} aria-label="看不清，换一张" title="看不清，换一张">
          {picture ? <img alt="验证码图片" src={`data:image/svg+xml;utf8,${encodeURIComponent(picture.svg)}`} /> : problem || '…'}
        </button>
      </div>
    </>
  )
}
