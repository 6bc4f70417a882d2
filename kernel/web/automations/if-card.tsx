import { FilterSentence } from '../list/sentence.tsx'
import { Problem } from '../reminders/problem.tsx'
import { Setting } from '../flows/design/panel/set.tsx'
import type { Drawing } from './use-automation.ts'

/** 如果: which records it concerns. */
export function IfCard({ drawing: { automation, resource, problems, change } }: { drawing: Drawing }) {
  if (!resource) return null
  const plain = { ...resource, hasNoEnvelope: true as const }
  const { where, was, when } = automation
  return (
    <section className="x-card r-part" aria-label="如果">
      <h2>如果</h2>
      <Setting label={when.kind === 'changed' ? '修改后' : '条件'}>
        {() => (
          <FilterSentence
            lead={where ? `${resource.label}，其中` : `所有${resource.label}，不设条件`}
            resource={plain}
            filter={where}
            onChange={(next) => change({ where: next })}
          />
        )}
      </Setting>
      <Problem problems={problems} at="where" />
      {when.kind === 'changed' && (
        <>
          <Setting label="修改前" hint="例如：原来是“未办”，改成了“已办”">
            {() => (
              <FilterSentence
                lead={was ? '修改前' : '修改前不论怎样'}
                resource={plain}
                filter={was}
                onChange={(next) => change({ was: next })}
              />
            )}
          </Setting>
          <Problem problems={problems} at="was" />
        </>
      )}
    </section>
  )
}
