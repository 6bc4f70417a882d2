export type EmbeddedErrorCode =
  | 'binaries-missing'
  | 'no-server-user'
  | 'other-major-version'
  | 'port-in-use'
  | 'still-in-use'
  | 'copy-of-running'
  | 'disk-full'
  | 'init-failed'
  | 'start-failed'
  | 'secrets-missing'

/** Why the embedded database could not start; the message is for people. */
export class EmbeddedError extends Error {
  readonly code: EmbeddedErrorCode

  constructor(code: EmbeddedErrorCode, message: string) {
    super(message)
    this.name = 'EmbeddedError'
    this.code = code
  }
}
