import { expect, test } from 'vitest'
import { Definitions, identityNumber, may, module, resource, role, text, type Grant } from '#model'

const fields = { name: text('名称', { required: true }), number: text('编号'), idNumber: identityNumber('证件号码') }
const usual = { by: ['number'], maxMinutes: 60 }
/** What the proof says of a type that allows emergency access so, and of roles that are given these rights. */
function proved(emergency: { by: string[]; maxMinutes: number }, roles: Record<string, readonly Grant[]> = {}): string[] {
  const dossier = resource('trial.dossier', { label: '卷宗', title: 'name', fields, indexes: [['number']], emergency })
  const trial = module('trial', { label: '试用', resources: [dossier], rights: { 'security.emergency': '应急访问' }, roles })
  return new Definitions([trial], [role('securityOfficer', '安全管理员', { officer: 'security' })]).prove()
}
test('a type that allows emergency access is found by plain keys only, and opened for 15 to 240 minutes', () => {
  expect(proved(usual)).toEqual([])
  const keys = (...by: string[]) => proved({ ...usual, by })
  expect(keys('idNumber')).toEqual([expect.stringContaining('"idNumber" is no plain text')])
  expect(keys('name')).toEqual([expect.stringContaining('"name" is no key')])
  expect(keys('none')).toEqual([expect.stringContaining('"none" is no plain text')])
  expect(keys()).toEqual([expect.stringContaining('names no key')])
  for (const maxMinutes of [14, 241, 20.5]) expect(proved({ ...usual, maxMinutes })).toEqual([expect.stringContaining('from 15 to 240')])
})
test('no role of an officer is given the right', () => {
  expect(proved(usual, { securityOfficer: [may.use('security.emergency')] })).toEqual([
    expect.stringContaining('an officer has no emergency access'),
  ])
})
