import { definePanel } from '#kernel/web/pages.ts'
import { TakeBack } from '../movement/take-back.tsx'
import { takingBack } from './taking-back.tsx'

const ofMerger = takingBack('合并', '/api/organisation/mergers')
const Back = (at: { resource: string; id: string }) => <TakeBack {...at} of={ofMerger} />

export default definePanel({ label: '反悔', component: Back })
