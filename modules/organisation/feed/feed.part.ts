import { group, ledger, may, type ModulePart } from '#model'
import { feedLine, feedRun } from './run.ts'
import { feedSource } from './source.ts'
import { unitCode } from './unit-code.ts'

/** What other systems tell of people, and who looks at what is doubtful. */
export const feedPart: ModulePart = {
  resources: [feedSource, feedRun, feedLine, unitCode],
  rights: { 'organisation.feed': '人员对接接口', 'organisation.feedClaim': '认领对接的人员' },
  roles: {
    medicalOffice: [
      may.use('organisation.feedClaim'),
      may.read(feedSource),
      may.read(feedRun),
      may.export(feedRun),
      may.read(feedLine),
      may.export(feedLine),
      may.all(unitCode),
    ],
    systemOfficer: [may.all(feedSource), may.read(feedRun), may.read(feedLine), may.use('organisation.feed'), may.all(unitCode)],
  },
  menu: [
    group('数据对接', [
      ledger(feedLine, { icon: 'reconciliation' }),
      ledger(feedRun, { icon: 'sync' }),
      ledger(unitCode, { icon: 'link' }),
      ledger(feedSource, { icon: 'setting' }),
    ]),
  ],
}
