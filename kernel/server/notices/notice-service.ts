import { personOf } from '../context.ts'
import { service } from '../service.ts'
import { checkNotice, resource } from './publish.ts'
import { isReader } from './reading.ts'

export const noticeService = service({
  name: 'notices.notice',
  checks: { [resource]: checkNotice },
  keeps: { [resource]: ({ status }) => (status === 'draft' ? null : '发布过的通知不能删除，可撤回') },
  /** Its readers see what is attached to it. */
  showsFile: async (_kernel, ctx, _file, records) => {
    const me = personOf(ctx.actor)
    return me !== null && isReader(ctx.db, me, records)
  },
})
