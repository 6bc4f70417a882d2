import type { ApprovalAnswer, SealUse } from './api.ts'

/** What travels about requests beside deciding them: the printed form, and what somebody else filled in. */

/** POST /api/approvals/:instance/print: the 审批单; each time is audited. */
export interface PrintAnswer {
  approval: ApprovalAnswer
  hospital: string
  seals: SealUse[]
  printed: { at: string; by: string }
}
/** GET /api/prepared: requests filled in for somebody who is to sign them; mine to sign, or that I filled in. */
export interface PreparedItem {
  id: string
  at: string
  title: string
  summary: string
  isMine: boolean
  forName: string
  byName: string
  /** Where it is looked at and mended before it is signed. */
  link: string | null
}
/** POST /api/prepared/sign {ids, signature}: one signature, each its own submission with its own result. */
export interface PreparedSigned {
  results: { id: string; ok: boolean; message: string; instance: string | null }[]
}
