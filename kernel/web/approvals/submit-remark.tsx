import { OpinionInput } from './opinion-input.tsx'
import type { Said } from './said.ts'
import './opinion.css'

/** What the applicant says as he asks: words, pictures, and colleagues named by @, who are told and may read. */
export function SubmitRemark({ label, value, onChange }: { label: string; value: Said; onChange: (said: Said) => void }) {
  return (
    <section className="x-submit-remark">
      <label htmlFor="submit-remark">{label}</label>
      <OpinionInput id="submit-remark" value={value} onChange={onChange} placeholder="可不填；输入 @ 提到同事" />
    </section>
  )
}
