// The program as a hospital starts it, in a process of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
export interface Started {
  child: ChildProcess
  url: string
  seconds: number
}

/** Starts the program as `npm start` does, and waits until the sign-in page is answered. */
export async function start(data: string, env: Record<string, string> = {}): Promise<Started> {
  const began = performance.now()
  const child = spawn(process.execPath, ['app/cli.ts', 'start', '--port', '0', '--data', data], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((done, failed) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = /(http:\/\/\S+)/.exec(text)
      if (found) done(found[1]!)
    })
    child.once('exit', (code) => failed(new Error(`the program ended with ${code}`)))
  })
  const page = await fetch(url)
  if (!page.ok || !(await page.text()).includes('<div id="root"')) throw new Error('no page: run npm run build first')
  return { child, url, seconds: (performance.now() - began) / 1000 }
}
export function stop({ child }: Started): Promise<void> {
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}
