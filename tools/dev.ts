// `npm run dev`: the server, started again when its files change, and the page with hot reloading. Arguments go to the server.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './sources.ts'

const config = join(root, 'kernel', 'web', 'vite.config.ts')
const commands = [
  ['--watch', '--watch-preserve-output', 'app/cli.ts', 'start', ...process.argv.slice(2)],
  ...(existsSync(config) ? [['node_modules/vite/bin/vite.js', '--config', config]] : []),
]
const children = commands.map((args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }))

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // A terminal has told the children already.
    if (signal === 'SIGTERM' || !process.stdin.isTTY) for (const child of children) child.kill(signal)
  })
for (const child of children)
  child.on('exit', (code) => {
    for (const other of children) other.kill('SIGTERM')
    process.exitCode = code ?? 1
  })
