import { lazy, Suspense, type ComponentType } from 'react'

type Loaded<P> = Record<string, ComponentType<P>>
/** A part that is loaded when the first field of its kind is drawn: a form that has none of them does not carry them. */
export function lazyPart<P extends object>(load: () => Promise<object>, name: string): ComponentType<P> {
  const Part = lazy(async () => ({ default: ((await load()) as Loaded<P>)[name] as ComponentType<P> }))
  return function Lazily(props: P) {
    return (
      <Suspense fallback={<span className="x-part-wait" aria-busy />}>
        <Part {...props} />
      </Suspense>
    )
  }
}
