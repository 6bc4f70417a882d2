import { expect, test } from 'vitest'
import { productDefinitions } from '#app/definitions.ts'
import { effectiveModules } from './effective.ts'
import { Definitions } from '../definitions.ts'
import { kindOfDesign } from './kinds.ts'
import { starters } from './starters.ts'

test('every template can be published as it is', () => {
  const product = productDefinitions()
  expect(starters.length).toBeGreaterThanOrEqual(20)
  const { read, prove } = kindOfDesign('type')
  for (const [n, starter] of starters.entries()) {
    const name = `custom.tstart${String(n).padStart(2, '0')}`
    const content = read(starter)
    const defs = new Definitions(effectiveModules(product.modules, [{ kind: 'type', name, version: 1, content }]), [
      ...product.roles.values(),
    ])
    expect([starter.label, prove(defs, name, content, product)]).toEqual([starter.label, []])
  }
})
