import type { Scalar } from '#model'

/** Text compared without regard to case, its wildcards plain. */
export const likeText = (value: Scalar): string =>
  String(value)
    .toLowerCase()
    .replace(/[\\%_]/g, (c) => `\\${c}`)
