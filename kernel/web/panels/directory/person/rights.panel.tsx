import { definePanel } from '../../../pages.ts'
import { PersonRightsView } from '../../../rights/person.tsx'

/** What a person may do, and why. */
function PersonPanel({ id }: { id: string }) {
  return (
    <div className="x-rights">
      <PersonRightsView person={id} />
    </div>
  )
}
export default definePanel({ label: '他能做什么', component: PersonPanel, right: 'security.rights' })
