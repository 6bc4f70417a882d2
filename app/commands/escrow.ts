import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { keyOfParts, lockPart, partsOfKey, unlockPart, type Part } from '#kernel/server/protection/escrow.ts'
import { masterKey, writeKey } from '#kernel/server/protection/master-key.ts'
import { masterFile } from '../paths.ts'

export interface EscrowAsked {
  holders: readonly string[]
  needed: number
  into: string
}
/** Writes a file for each holder, under the pass phrase that he types himself; answers the holders. The master key stays as it is. */
export async function escrowKey(dataFolder: string, { holders, needed, into }: EscrowAsked): Promise<string[]> {
  if (holders.length < needed || needed < 2 || holders.some((one) => !/^[\p{L}\p{N}·._-]{1,30}$/u.test(one)))
    throw new Error('须指定至少两位保管人（--holder 姓名，各一次），--needed 不少于 2、不多于保管人数')
  const parts = partsOfKey(await masterKey(masterFile(dataFolder)), holders, needed)
  await mkdir(into, { recursive: true, mode: 0o700 })
  const ask = await asker()
  try {
    for (const part of parts) {
      const file = join(into, `主密钥分片-${part.holder}.txt`)
      await writeFile(file, lockPart(part, await ask(`${part.holder}，请输入您的口令（至少 12 位）：`)), { mode: 0o600, flag: 'wx' })
      console.log(`已写入 ${file}，请${part.holder}收走并单独保管，不要留在服务器上`)
    }
  } finally {
    ask.close()
  }
  return parts.map(({ holder }) => holder)
}
/** Restores the master key from the files of so many holders, each with his pass phrase, into a new file. Needs no database: it may be a new machine. */
export async function recoverKey(files: readonly string[], to: string): Promise<void> {
  const ask = await asker()
  const parts: Part[] = []
  try {
    for (const file of files) {
      const text = await readFile(file, 'utf8')
      const holder = /保管人：(.*)/.exec(text)?.[1] ?? file
      parts.push(unlockPart(text, await ask(`${holder}，请输入您的口令：`)))
    }
  } finally {
    ask.close()
  }
  await writeKey(to, keyOfParts(parts))
  console.log(`已由 ${parts.map(({ holder }) => holder).join('、')} 恢复主密钥，写入 ${to}`)
}

interface Asker {
  (question: string): Promise<string>
  close(): void
}
/** Asks without showing what is typed; where nobody sits at a terminal, takes one line each from the input. */
async function asker(): Promise<Asker> {
  const isTerminal = process.stdin.isTTY === true
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal })
  const given = lines[Symbol.asyncIterator]()
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question)
    const { value, done } = await given.next()
    process.stderr.write('\n')
    if (done) throw new Error('没有输入口令')
    return value
  }
  return Object.assign(ask, { close: () => lines.close() })
}
