import {
  choice,
  date,
  identityNumber,
  integer,
  is,
  longText,
  may,
  module,
  person,
  phone,
  reference,
  resource,
  rows,
  tags,
  text,
  unit,
  type Resource,
} from '#model'

/** A record type on which every kind of field rule and scope is used, some of them against each other: the product's own roles use few. */
export const sampleCase: Resource = resource('sample.case', {
  label: '样例个案',
  title: 'code',
  owner: { person: 'person', department: 'unit' },
  closing: { date: 'day' },
  fields: {
    code: text('编号', { required: true, search: true }),
    about: text('事由', { search: true }),
    remark: longText('意见'),
    mobile: phone('电话', { mobileOnly: true }),
    identity: identityNumber('证件'),
    pay: integer('金额'),
    pension: text('补贴', { class: 'sensitive', search: true }),
    verdict: text('结论'),
    contacts: rows('联系人', { who: text('称呼'), number: phone('号码', { mobileOnly: true }), card: identityNumber('证件号') }),
    labels: tags('标签'),
    status: choice('状态', { open: '办理中', done: '已办结' }),
    day: date('日期'),
    person: person('人员'),
    unit: unit('科室'),
  },
  limits: { caps: [{ by: 'person', per: 'ever', most: 1_000_000 }] },
  buttons: [{ name: 'end', label: '办结', when: 'status != "done"', does: { set: { status: { value: 'done' }, day: { word: 'today' } } } }],
})

/** What everybody may read, and names a case: a way to it that is not its own. */
export const sampleNote: Resource = resource('sample.note', {
  label: '样例便条',
  title: 'words',
  fields: { words: text('内容', { search: true }), about: reference('个案', 'sample.case') },
})

export const sampleModule = module('sample', {
  label: '样例',
  resources: [sampleCase, sampleNote],
  roles: {
    staffMember: [
      may.read(sampleNote),
      may.readOwn(sampleCase, { hide: ['verdict'] }),
      may.create(sampleCase, 'own'),
      may.update(sampleCase, 'own', { readOnly: ['status'] }),
    ],
    departmentHead: [
      may.read(sampleCase, 'myUnits', { mask: ['remark', 'contacts.who'], hide: ['pay'] }),
      may.update(sampleCase, 'myUnits', { readOnly: ['remark'] }),
      may.delete(sampleCase, 'myUnits'),
      may.export(sampleCase, 'myUnits'),
    ],
    departmentSecretary: [
      may.read(sampleCase, 'myUnits', { hide: ['remark'], show: ['mobile', 'contacts.number'], open: ['pension', 'contacts.card'] }),
      may.create(sampleCase, 'myUnits'),
      may.export(sampleCase, 'own'),
    ],
    committeeMember: [may.read(sampleCase, 'myZone', { hide: ['about'] }), may.export(sampleCase, 'hospital')],
    hospitalLeader: [may.read(sampleCase, 'myCampus', { show: 'all' }), may.update(sampleCase, 'myZone'), may.purge(sampleCase, 'myUnits')],
    medicalOffice: [
      may.all(sampleCase, 'hospital', { show: ['mobile', 'pension', 'contacts'], mask: ['verdict'] }),
      may.purge(sampleCase),
      may.close(sampleCase),
    ],
    systemOfficer: [may.read(sampleCase, is('status', 'done')), may.delete(sampleCase, is('status', 'done'))],
    securityOfficer: [may.read(sampleCase, 'hospital', { hide: ['about', 'mobile', 'identity', 'pension', 'contacts', 'labels'] })],
    auditOfficer: [may.read(sampleCase, 'hospital', { mask: ['about', 'pay', 'labels'] }), may.export(sampleCase)],
  },
})
