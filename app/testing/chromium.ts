// The browsers of the tests, XINGLIN_CHROMIUM before all others. For nearly every journey the one npm brought along: a headless shell. A whole one — with
// notifications, push and a microphone — is the system's, or Debian's package (as root). Where one of the two is not to be had, the other stands in.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type Browser, type LaunchOptions } from 'playwright-core'

export interface FoundChromium {
  executable: string
  /** Where it comes from. */
  origin: 'XINGLIN_CHROMIUM' | 'system' | 'apt' | 'npm'
  args: string[]
  /** What it needs beside the environment of this process: fonts, libraries. */
  env: Record<string, string>
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const systemFolders = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome']

/** Finds a Chromium that shows Chinese – a `whole` one, where that is asked for – and installs one where that is possible without asking for rights. */
export async function findChromium({ whole = false } = {}): Promise<FoundChromium> {
  const wanted = process.env.XINGLIN_CHROMIUM
  if (wanted) {
    if (!existsSync(wanted)) throw new Error(`XINGLIN_CHROMIUM 指向的浏览器不存在：${wanted}`)
    return { executable: wanted, origin: 'XINGLIN_CHROMIUM', args: flags, env: fontEnvironment() }
  }
  // Pinned like any package, and without what only a window needs: a context opens four times as quickly, a page stands in three quarters of the time.
  const packaged = await packagedChromium()
  if (!whole && runs(packaged)) return packaged
  const present = systemChromium()
  if (present) return { executable: present, origin: 'system', args: flags, env: fontEnvironment() }
  const installed = installByApt()
  if (installed) return { executable: installed, origin: 'apt', args: flags, env: fontEnvironment() }
  if (runs(packaged)) return packaged
  throw new Error('没有可用的 Chromium：请安装一个，或用 XINGLIN_CHROMIUM 指明')
}

// It is built for one kind of machine, and needs libraries that it brings for one kind of system.
const runs = ({ executable, env }: FoundChromium): boolean =>
  spawnSync(executable, ['--version'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0

/** Starts the browser, a `whole` one where that is asked for; close it after use. */
export async function launchBrowser({ whole = false, ...options }: LaunchOptions & { whole?: boolean } = {}): Promise<Browser> {
  const { executable, args, env } = await findChromium({ whole })
  return chromium.launch({
    ...options,
    executablePath: executable,
    args: [...args, ...(options.args ?? [])],
    env: { ...process.env, ...env, ...options.env },
  })
}

function systemChromium(): string | undefined {
  return systemFolders.flatMap((folder) => systemNames.map((name) => join(folder, name))).find((path) => existsSync(path))
}

function installByApt(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  console.log('正在安装测试用浏览器（apt-get install chromium fonts-noto-cjk）……')
  const run = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  run('update')
  run('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk', 'fontconfig')
  return systemChromium()
}

/** The Chromium in the npm package. */
export async function packagedChromium(): Promise<FoundChromium> {
  // The package brings the libraries a bare system lacks, but unpacks them only where it believes to be in a function runtime.
  const before = { ...process.env }
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs24.x'
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    const executable = await packaged.executablePath()
    const libraries = join(tmpdir(), 'al2023', 'lib')
    const known = before.LD_LIBRARY_PATH
    const env = { LD_LIBRARY_PATH: known ? `${libraries}:${known}` : libraries, ...fontEnvironment() }
    return { executable, origin: 'npm', args: [...flags, '--headless=shell', '--no-zygote'], env }
  } finally {
    for (const name of ['AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }
}

// Without any Chinese font every character is the same box: then a private fontconfig adds the one that npm brought along.
function fontEnvironment(): Record<string, string> {
  if (process.platform !== 'linux' || process.env.FONTCONFIG_FILE) return {}
  const listed = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return listed.status === 0 && listed.stdout.trim() ? {} : privateFonts()
}

/** A fontconfig of our own: Noto Sans SC from npm, beside the system's fonts (in `folders`). */
export function privateFonts(folders = ['/usr/share/fonts', '/usr/local/share/fonts']): Record<string, string> {
  const fonts = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'))
  const folder = join(tmpdir(), `xinglin-fonts-${process.getuid?.() ?? 0}`)
  const file = join(folder, folders.length ? 'fonts.conf' : 'alone.conf')
  const all = [...folders, ...['400Regular', '500Medium', '700Bold'].map((weight) => join(fonts, weight))]
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${all.map((one) => `  <dir>${one}</dir>`).join('\n')}
  <cachedir>${join(folder, 'cache')}</cachedir>
${['sans-serif', 'serif', 'monospace', 'system-ui'].map((family) => `  <alias><family>${family}</family><default><family>Noto Sans SC</family></default></alias>`).join('\n')}
</fontconfig>
`,
  )
  return { FONTCONFIG_FILE: file }
}
