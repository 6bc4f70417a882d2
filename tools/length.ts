// A file that grows without end is refused: aim at 300 lines, 500 is the limit (a test file: 800).
import { isTest, readSources, type Source } from './sources.ts'

/** The files over the limit, each with its number of lines. */
export function tooLong(sources: Source[]): { path: string; lines: number; limit: number }[] {
  return sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), limit: isTest(path) ? 800 : 500 }))
    .filter(({ lines, limit }) => lines > limit)
}

if (import.meta.main) {
  const found = tooLong(readSources(/\.(ts|tsx|mjs|css|sql)$/))
  for (const { path, lines, limit } of found) console.error(`${path}：${lines} 行，上限 ${limit} 行。请按职责拆成几个文件。`)
  if (found.length) process.exitCode = 1
}
