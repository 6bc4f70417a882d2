import { module, together } from '#model'
import { bedsPart } from './beds/beds.part.ts'
import { feedPart } from './feed/feed.part.ts'
import { peoplePart } from './movement/people.part.ts'
import { jobsPart } from './jobDescription/jobs.part.ts'
import { lendingPart } from './secondment/lending.part.ts'
import { rotationPart } from './rotation/rotation.part.ts'
import { teamsPart } from './team/teams.part.ts'

/** In the order of the menu. */
export default module('organisation', {
  label: '组织与人员',
  ...together(peoplePart, jobsPart, lendingPart, bedsPart, rotationPart, teamsPart, feedPart),
})
