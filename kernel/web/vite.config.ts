import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const project = fileURLToPath(new URL('../..', import.meta.url))

/** Beside each file its compressed forms, so that the server sends them without work. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  async writeBundle({ dir = '' }, bundle) {
    const names = Object.keys(bundle).filter((name) => /\.(js|css|html|svg)$/.test(name))
    await Promise.all(
      names.map(async (name) => {
        const path = join(dir, name)
        const bytes = await readFile(path)
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
      }),
    )
  },
}

type Change = readonly [file: RegExp, from: RegExp, to: string]
const nonceFrom = `import { pageNonce } from ${JSON.stringify(join(here, 'theme/nonce.ts'))}\n`
const writeStyle = 'const writeStyle = (element, text) => void (element.style.cssText = text)\n'
/**
 * What the component libraries do that the policy of the page forbids (kernel/server/http/headers.ts), done in a way that it allows: style elements carry
 * the number of the answer, style attributes are set as styles; and what they would ask of Node. A version of theirs that does otherwise stops the build.
 */
const changes: readonly Change[] = [
  [/\/(?:(?:rc-util|@rc-component\/util)\/es\/Dom\/dynamicCSS|@ant-design\/icons\/es\/cssUtils)\.js$/, /(?<made>styleNode = document\.createElement\(['"]style['"]\);)/,
    '$<made>\n  if (pageNonce) styleNode.nonce = pageNonce;'],
  [/\/(?:@rc-component\/input\/es\/calculateNodeHeight|antd\/es\/watermark\/useWatermark)\.js$/, /(?<element>\w+)\.setAttribute\('style', /, 'writeStyle($<element>, '],
  // It would ask Node for random numbers where the browser has none; every browser has.
  [/\/sm-crypto-v2\/dist\/index\.mjs$/, /import\(\s*(?:\/\*[\s\S]*?\*\/\s*)?"crypto"\s*\)/, 'Promise.reject()'],
  [/\/@ant-design\/icons-svg\/es\/asn\/(?:Login|Rest)Outlined\.js$/, /\{ "tag": "style", "attrs": \{\} \}/, ''],
] // prettier-ignore
const withinPolicy: Plugin = {
  name: 'within-policy',
  apply: 'build',
  transform(code, id) {
    const file = id.replace(/\?.*$/, '')
    const change = changes.find(([files]) => files.test(file))
    if (!change) return null
    const [, from, to] = change
    if (!from.test(code)) throw new Error(`${file} is written in another way now`)
    return (to.includes('pageNonce') ? nonceFrom : to.includes('writeStyle') ? writeStyle : '') + code.replace(from, to)
  },
}

/** What the browser runs while no page is open: a file of its own under the root, because it speaks for what lies under it; under the same name always, for by that a browser asks whether it has changed. */
const pushWorker: Plugin = {
  name: 'push-worker',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: join(here, 'messages/push-worker.ts'), fileName: 'push-worker.js' })
  },
}

export default defineConfig({
  root: here,
  cacheDir: `${project}/.cache/vite`,
  plugins: [react(), withinPolicy, pushWorker, compressed],
  // The server puts the number of each answer in its place (kernel/server/http/page.ts).
  html: { cspNonce: 'XINGLIN-NONCE' },
  build: {
    outDir: `${project}/dist/web`,
    emptyOutDir: true,
    target: 'es2022',
    // The largest chunk is the component library: it is loaded after sign-in.
    chunkSizeWarningLimit: 1200,
  },
  server: {
    port: 5173,
    fs: { allow: [project] },
    proxy: { '/api': { target: process.env['XINGLIN_SERVER'] ?? 'http://127.0.0.1:8080', ws: true } },
  },
})
