import { service } from '../service.ts'
import { purgeWith, showsTalkFile } from './excerpts.ts'
import { deleteOld, endPlaces } from './retention.ts'

export const talkService = service({
  name: 'talk.talk',
  showsFile: showsTalkFile,
  on: { 'record.purged': (kernel, event) => (event.record ? purgeWith(kernel, event.record) : Promise.resolve()) },
  daily: { retention: async (kernel) => void (await deleteOld(kernel)), places: endPlaces },
})
