import { definePanel } from '#kernel/web/pages.ts'
import { takingBack } from '../merger/taking-back.tsx'
import { TakeBack } from '../movement/take-back.tsx'

const ofSplit = takingBack('拆分', '/api/organisation/splits')
const Back = (at: { resource: string; id: string }) => <TakeBack {...at} of={ofSplit} />

export default definePanel({ label: '反悔', component: Back })
