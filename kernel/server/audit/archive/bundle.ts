import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('./verify-audit.ts', import.meta.url))

/** The stand-alone verifier as the text of one file that needs nothing but Node: made from the same code that checks the database. */
export async function standAloneVerifier(): Promise<string> {
  const { build } = await import('vite')
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: entry, write: false, minify: false, target: 'node18' },
    ssr: { noExternal: true },
  })
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  const chunks = outputs.filter((one) => one.type === 'chunk')
  if (chunks.length !== 1) throw new Error(`the verifier was built into ${chunks.length} files`)
  return chunks[0]!.code
}
