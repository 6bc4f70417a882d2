import { v7 as uuidv7 } from 'uuid'
import type { Context } from '../context.ts'
import type { Kernel } from '../kernel.ts'
import type { OpenTalk } from './access.ts'
import { append } from './append.ts'

/** A line of the program's own about what somebody did to the group. */
export async function note(kernel: Kernel, tx: Context, open: OpenTalk, text: string): Promise<void> {
  await append(kernel, tx, open, { id: uuidv7(), words: { text }, isNote: true, answers: null, mentions: [], everyone: false, files: [] })
}
