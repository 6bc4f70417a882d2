// The measures of style.md, as facts for a reader: `npm run shape`
import { dirname } from 'node:path'
import { circlesIn } from './circles.ts'
import { importsOf, isTest, readSources, resolveImport, type Source } from './sources.ts'

const blockLines = 8

/** Quantiles of a list of numbers, as whole numbers. */
export function spread(values: number[]): { median: number; p90: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return { median: at(0.5), p90: at(0.9), max: at(1) }
}

/** The record types declared in a file: their names. */
export function declaredTypes(text: string): string[] {
  return [...text.matchAll(/^export const \w+ = resource\(\s*'([^']+)'/gm)].map((match) => match[1] ?? '')
}

/** Exported functions that no comment introduces, as `path: name`. */
export function withoutDocstring(sources: Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.split('\n')
    return lines.flatMap((line, index) => {
      const name = /^export (?:default )?(?:async )?function\*? (\w+)|^export const (\w+) = (?:async )?\(/.exec(line)
      const above = lines[index - 1]?.trim() ?? ''
      return name && !above.endsWith('*/') && !above.startsWith('//') ? [`${path}: ${name[1] ?? name[2]}`] : []
    })
  })
}

/** Places where the same lines stand again (at least eight in a row), as `path:line = path:line`. */
export function repeatedBlocks(sources: Source[]): string[] {
  const seen = new Map<string, { path: string; line: number }>()
  const found: string[] = []
  for (const { path, text } of sources) {
    const lines = text.split('\n').map((line, index) => ({ text: line.trim(), number: index + 1 }))
    const telling = lines.filter((line) => line.text.length > 3 && !/^(import|export \*|\/\/|\*|\/\*)/.test(line.text))
    let until = 0
    for (let index = 0; index + blockLines <= telling.length; index++) {
      const block = telling
        .slice(index, index + blockLines)
        .map((line) => line.text)
        .join('\n')
      const line = telling[index]?.number ?? 0
      const first = seen.get(block)
      if (!first) seen.set(block, { path, line })
      else if (index >= until) {
        found.push(`${path}:${line} = ${first.path}:${first.line}`)
        until = index + blockLines
      }
    }
  }
  return found
}

function linesOf({ text }: Source): number {
  return text.split('\n').filter((line) => line.trim()).length
}

function print(label: string, value: string | number): void {
  console.log(`${label.padEnd(52)} ${value}`)
}

function printList(label: string, items: string[]): void {
  print(label, items.length)
  for (const item of items.slice(0, 12)) console.log(`    ${item}`)
  if (items.length > 12) console.log(`    … and ${items.length - 12} more`)
}

function printShape(all: Source[]): void {
  const sources = all.filter(({ path }) => !isTest(path))
  const declarations = sources.flatMap((source) => {
    const types = declaredTypes(source.text)
    return types.length ? [{ ...source, types, lines: linesOf(source) / types.length }] : []
  })
  const text = (values: number[]) => {
    const { median, p90, max } = spread(values)
    return `median ${median}, p90 ${p90}, maximum ${max}`
  }
  print(
    'record types',
    declarations.reduce((sum, { types }) => sum + types.length, 0),
  )
  print('lines of declaration per type', text(declarations.map(({ lines }) => lines)))
  print('source files', sources.length)
  print('lines per source file', text(sources.map(linesOf)))

  const declared = new Set(declarations.map(({ path }) => path))
  const elsewhere = sources.filter(({ path }) => path.startsWith('modules/') && !declared.has(path))
  print(
    'module lines outside declarations',
    elsewhere.reduce((sum, source) => sum + linesOf(source), 0),
  )

  const places = declarations.flatMap(({ path, types }) =>
    types.map((type) => ({
      type,
      count: sources.filter((other) => dirname(other.path) !== dirname(path) && other.text.includes(`'${type}'`)).length,
    })),
  )
  print('files outside its folder that name a record type', text(places.map(({ count }) => count)))
  for (const { type, count } of places
    .filter((one) => one.count > 3)
    .sort((a, b) => b.count - a.count)
    .slice(0, 5))
    console.log(`    ${type}: ${count}`)

  const edges = sources.flatMap(({ path, text: code }) =>
    importsOf(code).flatMap((one) => {
      const to = resolveImport(path, one.specifier)
      return to && !one.isType && !one.isDynamic ? [[path, to] as const] : []
    }),
  )
  print('import circles', circlesIn(edges).length)
  printList('repeated blocks of eight lines', repeatedBlocks(sources))
  printList('public functions without docstring', withoutDocstring(sources))

  console.log('test lines ÷ source lines')
  const byFolder = Map.groupBy(all, ({ path }) =>
    path
      .split('/')
      .slice(0, 2)
      .join('/')
      .replace(/\/[^/]+\.\w+$/, ''),
  )
  for (const [folder, files] of byFolder) {
    const count = (isWanted: (path: string) => boolean) =>
      files.filter(({ path }) => isWanted(path)).reduce((sum, source) => sum + linesOf(source), 0)
    const [tests, code] = [count(isTest), count((path) => !isTest(path))]
    print(`    ${folder}`, `${tests} ÷ ${code}${code ? ` = ${(tests / code).toFixed(2)}` : ''}`)
  }
}

if (import.meta.main) printShape(readSources())
