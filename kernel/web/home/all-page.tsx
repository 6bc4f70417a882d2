import { Link } from 'react-router'
import { PageHead } from '../parts/page-head.tsx'
import { MenuIcon } from '../shell/icons.tsx'
import { useMenu } from '../shell/menu.ts'
import './home.css'

/** Everything that is open to me, by group: the phone's navigation. */
export default function AllPage() {
  return (
    <div className="x-page">
      <PageHead title="全部功能" />
      <div className="x-all-pages">
        {useMenu().map(({ label, items }) => (
          <section key={label} className="x-card">
            <h2>{label}</h2>
            <div className="x-shortcuts">
              {items.map((item) => (
                <Link key={item.path} to={item.path}>
                  <MenuIcon name={item.icon} />
                  <span>{item.label}</span>
                </Link>
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  )
}
