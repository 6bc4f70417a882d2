// The web page in dist/web: built from its sources when their hash differs from the one kept beside the result.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Builds kernel/web into dist/web when its sources changed since the last build (or always, with `force`). */
export function buildPageWhenStale({ root, node, force = false }) {
  const config = join(root, 'kernel', 'web', 'vite.config.ts')
  if (!existsSync(config)) return console.log('尚无网页（kernel/web），跳过构建。')
  const stamp = join(root, 'dist', 'web', '.hash')
  const hash = hashOfSources(root)
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  console.log('正在构建网页……')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const options = ['build', '--config', config, '--logLevel', 'warn']
  const { status } = spawnSync(node, [vite, ...options], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) {
    console.error('网页构建失败。')
    process.exit(1)
  }
  writeFileSync(stamp, hash)
}

// What can end up in the browser: the shell, the model, the modules' pages and rules (architecture.md, "The house").
function hashOfSources(root) {
  const hash = createHash('sha256')
  const files = [
    join(root, 'package-lock.json'),
    ...['kernel/web', 'kernel/model', 'modules'].flatMap((folder) => filesUnder(join(root, folder))),
  ]
  for (const file of files.filter((name) => !/\.(test|service|deep\.test|e2e)\.tsx?$/.test(name)).sort())
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesUnder(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}
