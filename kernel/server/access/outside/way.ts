import type { OutsideProvider } from '#model'

/** What one sign-in through another system carries from its beginning to its end. */
export interface Errand {
  state: string
  nonce: string
  verifier: string
  /** Where the other system sends the browser back to, as we told it. */
  callback: string
}
/** Whom the other system has proved. */
export interface OutsideIdentity {
  /** Unique and lasting at the provider. */
  subject: string
  name: string
  /** A number of our staff, where the provider is trusted to know it. */
  staffNumber: string | null
  /** Did he prove himself there by two factors? */
  twoFactors: boolean
}
/** A system that proves for us who somebody is. */
export interface OutsideWay {
  readonly provider: OutsideProvider
  /** What the button says. */
  readonly label: string
  /** Where the browser is sent to. Refuses with `outsideRefused` where the system does not answer. */
  start(errand: Errand, agent: string): Promise<string>
  /** Reads the system's answer, which has come back with `url`. Refuses with `outsideRefused` whatever does not prove anybody. */
  finish(errand: Errand, url: URL): Promise<OutsideIdentity>
}
