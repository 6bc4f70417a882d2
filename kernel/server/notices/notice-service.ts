import { personOf } from '../context.ts'
import { service } from '../service.ts'
import { checkNotice, resource } from './publish.ts'
import { isReader } from './reading.ts'

export const noticeService = service({
  name: 'notices.notice',
  checks: { [resource]: checkNotice },
  /** Its readers see what is attached to it. */
  showsFile: async (_kernel, ctx, _file, records) => {
    const me = personOf(ctx.actor)
    return me !== null && isReader(ctx.db, me, records)
  },
})
