import { expect, test } from 'vitest'
import { findViolations } from './boundaries.ts'
import { importsOf } from './sources.ts'

/** The reasons given for a project of these files. */
function reasons(files: Record<string, string>): string[] {
  return findViolations(Object.entries(files).map(([path, text]) => ({ path, text }))).map(
    ({ path, why }) => `${path}: ${why.slice(0, 20)}`,
  )
}

const affairs = { 'modules/affairs/module.ts': `export default module('affairs', { dependsOn: ['organisation', 'staff'] })` }

test.each([
  [
    'the kernel imports a module',
    'kernel/server/http/app.ts',
    `import { honour } from '#modules/affairs/honour/honour.ts'`,
    '内核（kernel）不认识',
  ],
  ['the kernel imports the app', 'kernel/server/http/app.ts', `import { roles } from '#app/roles.ts'`, '内核与业务模块不依赖'],
  [
    'the model imports the server',
    'kernel/model/filter/filter.ts',
    `import type { Database } from '../../server/database/database.ts'`,
    'kernel/model 在',
  ],
  ['the model reads files', 'kernel/model/clock/clock.ts', `import { readFileSync } from 'node:fs'`, 'kernel/model 是'],
  [
    'a module reaches behind the front door of another',
    'modules/affairs/honour/honour.service.ts',
    `import { x } from '#modules/staff/practitioner/practitioner.service.ts'`,
    '模块之间只能引用',
  ],
  [
    'a module uses one it does not name',
    'modules/affairs/honour/honour.service.ts',
    `import { roster } from '#modules/roster/service.ts'`,
    '引用另一个模块之前',
  ],
  [
    'a page imports server code',
    'modules/affairs/honour/honour.page.tsx',
    `import { save } from './honour.service.ts'`,
    '网页代码（kernel/web',
  ],
  [
    'a page imports a declaration at run time',
    'modules/affairs/honour/honour.page.tsx',
    `import { honour, type Honour } from './honour.ts'`,
    '网页代码只能以',
  ],
  ['a page uses a server package', 'kernel/web/main.tsx', `import pg from 'pg'`, '网页代码不能用'],
  ['a declaration names code', 'modules/affairs/honour/honour.ts', `import { save } from './honour.service.ts'`, '声明是纯数据'],
  ['the server imports a page', 'modules/affairs/honour/honour.service.ts', `import { Page } from './honour.page.tsx'`, '服务器不引用网页'],
  ['the product imports tests', 'app/cli.ts', `import { freshDatabase } from './testing/database.ts'`, '产品代码不引用'],
  ['an extension is missing', 'app/cli.ts', `import { start } from './start'`, '相对导入须写出'],
])('refused: %s', (_, path, text, why) => {
  expect(reasons({ ...affairs, [path]: text })).toEqual([expect.stringContaining(why) as string])
})

test.each([
  [
    'modules/affairs/honour/honour.ts',
    `import { resource } from '#model'\nimport { practitioner } from '#modules/staff/practitioner/practitioner.ts'`,
  ],
  [
    'modules/affairs/honour/honour.service.ts',
    `import { find } from '#modules/staff/service.ts'\nimport { readFile } from 'node:fs/promises'`,
  ],
  [
    'modules/affairs/honour/honour.page.tsx',
    `import type { Honour } from './honour.ts'\nimport { rank } from './honour.rules.ts'\nimport { List } from '#kernel/web/list/list.tsx'`,
  ],
  [
    'modules/affairs/honour/honour.test.ts',
    `import { hospital } from '#app/testing/hospital.ts'\nimport { grant } from '#modules/privileges/story.ts'`,
  ],
  ['kernel/server/store/store.test.ts', `import { freshDatabase } from '#app/testing/database.ts'`],
  ['app/start.ts', `import affairs from '#modules/affairs/module.ts'\nimport { app } from '#kernel/server/http/app.ts'`],
])('allowed: what %s needs', (path, text) => {
  expect(reasons({ ...affairs, [path]: text })).toEqual([])
})

test('a circle at run time is refused, one of types alone is not', () => {
  const files = (word: string) => ({
    'kernel/model/a.ts': `import { b } from './b.ts'`,
    'kernel/model/b.ts': `import { c } from './c.ts'`,
    'kernel/model/c.ts': `${word} { a } from './a.ts'`,
  })
  expect(findViolations(Object.entries(files('export')).map(([path, text]) => ({ path, text })))).toMatchObject([
    { what: '循环引用：kernel/model/a.ts → kernel/model/b.ts → kernel/model/c.ts → kernel/model/a.ts' },
  ])
  expect(reasons(files('import type'))).toEqual([])
})

test('imports are found over several lines, in re-exports and later calls, but not in comments', () => {
  const text = `import {\n  a,\n  type B,\n} from './a.ts'\n// import './no.ts'\n/* import './no.ts' */\nexport * from './b.ts'\nexport type { C } from './c.ts'\nimport './d.css'\nconst later = () => import('./e.tsx')\nexport const x = 'from "./no.ts"'\n`
  expect(importsOf(text).map(({ specifier, line, isType, isDynamic }) => [specifier, line, isType, isDynamic])).toEqual([
    ['./a.ts', 4, false, false],
    ['./b.ts', 7, false, false],
    ['./c.ts', 8, true, false],
    ['./d.css', 9, false, false],
    ['./e.tsx', 10, false, true],
  ])
})
