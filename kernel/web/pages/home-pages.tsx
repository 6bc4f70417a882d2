import { pagePath } from '#model'
import { Link } from 'react-router'
import { Failed, Skeleton } from '../parts/states.tsx'
import { PageBlocks } from './page-blocks.tsx'
import { usePage, usePages } from './use-pages.ts'

/** The pages that stand on the workplace of this reader's roles. */
export function HomePages() {
  const { data } = usePages()
  return (data ?? []).filter(({ isHome }) => isHome).map(({ name, label }) => <HomePagePart key={name} name={name} label={label} />)
}
function HomePagePart({ name, label }: { name: string; label: string }) {
  const { data: page, error, refetch } = usePage(name)
  return (
    <section className="x-home-page" aria-label={label}>
      <h2>
        <Link to={pagePath(name)}>{label}</Link>
      </h2>
      {error && !page ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : page ? (
        <PageBlocks page={page} asks={[]} />
      ) : (
        <Skeleton rows={4} />
      )}
    </section>
  )
}
