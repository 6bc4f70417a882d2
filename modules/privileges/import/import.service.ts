import { isUuid, readFilter, Refusal } from '#model'
import { bodyOf } from '#kernel/server/http/routes/records.ts'
import { service } from '#kernel/server/service.ts'
import { catalogueImport } from './catalogue.import.ts'
import { copyIntoHospital } from './copy.ts'
import { gradingImport } from './grading.import.ts'
import { grantsImport } from './grants.import.ts'

export default service({
  name: 'privileges.import',
  imports: [catalogueImport, gradingImport, grantsImport],
  routes({ app, kernel, contextOf }) {
    /** 将选定的手术复制为院内手术目录: by ids, or all that a filter of the standard catalogue selects. */
    app.post('/api/privileges/procedures/copy', { config: { who: 'signedIn' } }, async (request) => {
      const { ids, filter } = bodyOf(request)
      const selected = Array.isArray(ids) && ids.every(isUuid) ? ids : null
      const asked = filter ? readFilter(filter) : null
      if ((!selected || selected.length === 0) && !asked) throw new Refusal('badRequest', '请先选择手术')
      return copyIntoHospital(kernel, await contextOf(request), { ids: selected, filter: asked })
    })
  },
})
