// The project's own source files and what they import: what the other tools judge.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'

export const root = dirname(import.meta.dirname)

const folders = ['kernel', 'modules', 'app', 'e2e', 'bench', 'tools', 'bin']

export interface Source {
  /** From the project's root, with slashes. */
  path: string
  text: string
}

export interface Import {
  specifier: string
  line: number
  /** `import type`: gone at run time. */
  isType: boolean
  /** `import('…')`: loaded later, makes no circle at start. */
  isDynamic: boolean
}

/** Every source file of the project, sorted by path. */
export function readSources(extensions = /\.(ts|tsx|mjs)$/): Source[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && extensions.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('e2e/')
}

const statement = /^[ \t]*(?:import|export)\b(?<type>\s+type\b)?(?:[^'"`;=(]*?\bfrom)?\s*['"](?<specifier>[^'"\n]+)['"]/gm
const dynamic = /\bimport\(\s*['"](?<specifier>[^'"\n]+)['"]/g

/** The imports and re-exports of a file. */
export function importsOf(text: string): Import[] {
  // Comments are blanked, not removed, so that lines stay where they are.
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '))
  const found = (pattern: RegExp, isDynamic: boolean) =>
    [...code.matchAll(pattern)].map(({ groups, index, 0: match }) => ({
      specifier: groups?.specifier ?? '',
      line: code.slice(0, index + match.length).split('\n').length,
      isType: groups?.type !== undefined,
      isDynamic,
    }))
  return [...found(statement, false), ...found(dynamic, true)]
}

/** The project file an import means, or undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier === '#model') return 'kernel/model/index.ts'
  if (/^#(kernel|modules|app)\//.test(specifier)) return specifier.slice(1)
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  return undefined
}
