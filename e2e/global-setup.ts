// Before the journeys: a browser is found, and the demonstration hospital is built once; every program begins with a copy of its data folder.
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findChromium } from '#app/testing/chromium.ts'
import { dataFolder, removeFolder, startProgram } from '#app/testing/program.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The data folder of a program that has ended. */
    demoFolder: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Installed or unpacked here, because files that run at once would get into each other's way.
  await findChromium()
  await findChromium({ whole: true })
  const folder = await dataFolder()
  const program = await startProgram(folder, [])
  await program.end()
  // Where the database's user cannot reach the folder the cluster lies elsewhere, and all copies would share it.
  if (lstatSync(join(folder, 'postgres', 'cluster')).isSymbolicLink())
    throw new Error(`the database’s user cannot reach ${folder}: set TMPDIR to a folder that all may walk through`)
  project.provide('demoFolder', folder)
  return () => removeFolder(folder)
}
