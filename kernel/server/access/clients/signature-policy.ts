import type { Kernel } from '../../kernel.ts'

/** What the protection policy says of other programs' requests. */
export interface SignaturePolicy {
  /** A key alone proves nothing. */
  isRequired: boolean
  /** So far may the signed time be from ours. */
  minutes: number
}
export async function signaturePolicy(kernel: Kernel): Promise<SignaturePolicy> {
  const { apiSignature, signatureMinutes } = await kernel.protection.policy()
  return { isRequired: apiSignature === 'required', minutes: signatureMinutes }
}
