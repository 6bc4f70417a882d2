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

export default defineConfig({
  root: here,
  cacheDir: `${project}/.cache/vite`,
  plugins: [react(), compressed],
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
