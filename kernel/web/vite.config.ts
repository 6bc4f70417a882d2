import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const project = fileURLToPath(new URL('../..', import.meta.url))

export default defineConfig({
  root: here,
  cacheDir: `${project}/.cache/vite`,
  plugins: [react()],
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
