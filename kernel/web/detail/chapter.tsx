import { RelatedSection, type Relation } from './related.tsx'

export interface Chapter {
  label: string
  relations: Relation[]
}
/** What belongs to a record, in tabs: types of one chapter together, where the first of them stands; the others each by itself. */
export function chaptersOf(relations: readonly Relation[]): Chapter[] {
  const chapters = new Map<string, Chapter>()
  for (const relation of relations) {
    const { chapter, label } = relation.resource
    const one = chapters.get(chapter ?? label) ?? { label: chapter ?? label, relations: [] }
    one.relations.push(relation)
    chapters.set(one.label, one)
  }
  return [...chapters.values()]
}

/** The parts of a chapter, one under another. */
export function ChapterBody({ chapter, id }: { chapter: Chapter; id: string }) {
  return (
    <div className="x-chapter">
      {chapter.relations.map((relation) => (
        <RelatedSection key={relation.resource.name} relation={relation} id={id} />
      ))}
    </div>
  )
}
