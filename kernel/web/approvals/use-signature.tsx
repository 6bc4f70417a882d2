import { useState, type ReactNode } from 'react'
import { ApiError } from '../api/problem.ts'
import { SignaturePad } from '../fields/signature-pad.tsx'

type Sending<T> = (signature: { signature?: string }) => Promise<T>
/** Sends; where the flow wants a handwritten signature, asks for it and sends again. Closed without one, nothing is sent. */
export function useSignature(title: string): { signed: <T>(send: Sending<T>) => Promise<T>; pad: ReactNode } {
  const [waiting, setWaiting] = useState<{ done: (id: string) => void; stop: (error: Error) => void } | null>(null)
  async function signed<T>(send: Sending<T>): Promise<T> {
    try {
      return await send({})
    } catch (error) {
      if (!(error instanceof ApiError) || (error.problem as unknown as { refusal?: string }).refusal !== 'signatureNeeded') throw error
      const signature = await new Promise<string>((done, stop) => setWaiting({ done, stop }))
      return send({ signature })
    }
  }
  const end = () => setWaiting(null)
  const unsigned = () => new ApiError({ type: 'about:blank', code: 'flowRefused', title: '没有签名，申请没有提交', status: 409 })
  const pad = waiting && (
    <SignaturePad
      title={`签名：${title}`}
      onSigned={(id) => {
        waiting.done(id)
        end()
      }}
      onClose={() => {
        waiting.stop(unsigned())
        end()
      }}
    />
  )
  return { signed, pad }
}
