// The program as a hospital starts it: a process of its own over a data folder of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '#kernel/server/database/processes.ts'

const root = join(import.meta.dirname, '..', '..')

export interface Ended {
  code: number | null
  output: string
}
export interface Program extends AsyncDisposable {
  url: string
  data: string
  child: ChildProcess
  output(): string
  /** Ends it as a terminal or service manager does, or kills it. */
  end(signal?: NodeJS.Signals): Promise<void>
}

/** An empty data folder that the database's user can walk to. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xinglin-program-'))
  await chmod(folder, 0o755)
  return folder
}
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })

/** The command line in a process of its own, and what it has said so far. */
export function spawnProgram(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['app/cli.ts', ...args], {
    cwd: root,
    // Without a second factor, unless the test is about it.
    env: { ...process.env, XINGLIN_LEVEL: 'level2', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said.text += chunk.toString()))
  return { child, said }
}

/** Runs one command to its end. */
export async function runCommand(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  const { child, said } = spawnProgram(args, env)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output: said.text }
}

/** Starts the server on a free port and answers when the page can be opened. */
export async function startProgram(data: string, args: readonly string[] = ['--demo', 'none'], env?: NodeJS.ProcessEnv): Promise<Program> {
  const { child, said } = spawnProgram(['start', '--port', '0', '--data', data, ...args], env)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /杏林已启动\s+(http:\S+)/.exec(said.text)?.[1]
      if (found) resolve(found)
    })
    child.once('close', (code) => reject(new Error(`the program ended with ${code}: ${said.text}`)))
  })
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return { url, data, child, output: () => said.text, end, [Symbol.asyncDispose]: () => end() }
}

/** The process of the embedded database over this data folder; undefined when none lives. */
export function postgresOf(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
    return isAlive(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

export interface WebAnswer<T> {
  status: number
  retryAfter: string | null
  body: T
}
export type Call = <T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<WebAnswer<T>>

/** Signs in over HTTP and answers how to ask further: JSON or a form out, JSON or text back. */
export async function signInAt(url: string, account: string, password: string): Promise<Call> {
  const answer = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password }),
  })
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!
  const { csrf } = (await answer.json()) as { csrf: string }
  return async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const isForm = body instanceof FormData
    const type: Record<string, string> = body === undefined || isForm ? {} : { 'content-type': 'application/json' }
    const given = await fetch(url + path, {
      method,
      headers: { cookie, 'x-csrf-token': csrf, ...type, ...headers },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    const isJson = given.headers.get('content-type')?.includes('json') === true
    return {
      status: given.status,
      retryAfter: given.headers.get('retry-after'),
      body: (isJson ? await given.json() : await given.text()) as T,
    }
  }
}

const firstPassword = /(\S+)\s+系统管理员\s+一次性初始密码：\s*(\S+)/
/** The account and password that a first start without demonstration prints. */
export function printedOfficer(output: string): { account: string; password: string } {
  const found = firstPassword.exec(output)
  if (!found) throw new Error(`no first password in: ${output}`)
  return { account: found[1]!, password: found[2]! }
}
export const ownPassword = 'Ziji#2026-gai'
/** Signs the first officer in and gives him a password of his own. */
export async function firstSignIn(program: Program): Promise<Call> {
  const { account, password } = printedOfficer(program.output())
  const call = await signInAt(program.url, account, password)
  const changed = await call('POST', '/api/password', { current: password, next: ownPassword })
  if (changed.status !== 200) throw new Error(JSON.stringify(changed))
  return signInAt(program.url, account, ownPassword)
}
