#!/usr/bin/env node
// Starts a script of this project under the pinned Node 24, whatever Node (>= 20) the machine has, after installing what is missing:
//   node bin/run.mjs [--page | --build] [script.ts [arguments…]]
//     --page: first build the web page if its sources have changed     --build: first build it in any case
// Plain JavaScript and node: imports only, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPageWhenStale } from './page.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const stamp = join(root, 'node_modules', '.xinglin')

const args = process.argv.slice(2)
const options = []
while (args[0]?.startsWith('--')) options.push(args.shift())

install()
const force = options.includes('--build')
if (force || options.includes('--page')) buildPageWhenStale({ root, node, force })
if (args.length) run(args)

function install() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const hash = createHash('sha256').update(lock).digest('hex')
  if (existsSync(node) && read(stamp) === hash) return
  if (!existsSync(node) || !isInstalled(lock)) {
    console.log('正在安装依赖（npm ci），首次约需一分钟……')
    const npm = process.env.npm_execpath
    const command = npm?.endsWith('.js') ? [process.execPath, [npm]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
    const { status, error } = spawnSync(command[0], [...command[1], 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      // onnxruntime would fetch GPU libraries from outside the package registry; the CPU ones are in the package.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    })
    if (error || status !== 0) fail(`安装依赖失败（npm ci 返回 ${status ?? error?.message}）。请检查网络与 npm 源后重试。`)
  }
  if (!existsSync(node)) fail('依赖已安装，但缺少 Node 24 的可执行文件。请删除 node_modules 后重试，并允许 “node” 包运行安装脚本。')
  writeFileSync(stamp, hash)
}

/** Is every locked package installed in its locked version? A plain `npm i` leaves no stamp, and its result need not be thrown away. */
function isInstalled(lock) {
  const installed = read(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return false
  const present = JSON.parse(installed).packages
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, wanted]) => path === '' || (present[path] ? present[path].version === wanted.version : Boolean(wanted.optional)),
  )
}

function run([script, ...rest]) {
  // What Node has compiled once (and stripped of its types) it need not compile again: half the time until the program stands.
  const env = { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env }
  const child = spawn(node, [script, ...rest], { cwd: root, stdio: 'inherit', env })
  // A terminal sends Ctrl-C to the whole process group: forwarding it too would look like a second, impatient Ctrl-C.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`无法启动 Node 24：${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
