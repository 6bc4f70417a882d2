import type { ClientResource, DesignAnswer, DesignBase, DesignNames } from '#model'
import { fieldsOf, type Overlay, type TypeDesign } from '#kernel/model/designs/index.ts'
import { useCallback, useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { CatalogWith } from '../definitions/use-catalog.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Failed, Skeleton } from '../parts/states.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { boardOfOverlay, boardOfType, changedField, overlayWith, typeWith, type Board, type Changed } from './board.ts'
import { ButtonsTab } from './buttons-tab.tsx'
import { designPath } from './design-path.ts'
import { Beside } from './beside.tsx'
import { FieldPanel } from './field-panel.tsx'
import { OverlayRolesTab, OverlaySettingsTab } from './overlay-tabs.tsx'
import { PreviewTab } from './preview-tab.tsx'
import { GrantsTab, ListTab, SettingsTab } from './type-tabs.tsx'
import { useDesign, useDesignNames, useStudio } from './use-studio.ts'
import { VersionsTab } from './versions-tab.tsx'
import { problemsOfField, Workbench } from './workbench.tsx'

/** 应用搭建: one record type, drawn, tried, published. */
export default function DesignPage() {
  const { kind = '', name = '' } = useParams()
  // Prints and automations are drawn, and have their versions, on pages of their own.
  const isKnown = kind === 'type' || kind === 'overlay' || kind === 'page'
  const { data, error, refetch } = useDesign(isKnown ? kind : 'type', name, isKnown)
  const names = useDesignNames()
  if (!isKnown) return <NotFound text="没有这种定义。" />
  const failed = error ?? names.error
  if (!data || !names.data)
    return (
      <div className="x-page">
        <PageHead title="应用搭建" />
        {failed ? <Failed error={failed} retry={() => (void refetch(), void names.refetch())} /> : <Skeleton rows={8} />}
      </div>
    )
  if (data.kind === 'page') return <Versions opened={data} onBack={async () => void (await refetch())} />
  return (
    <CatalogWith types={none}>
      {data.kind === 'overlay' ? (
        <OverlayDesk key={name} opened={data} base={data.base!} names={names.data} />
      ) : (
        <TypeDesk key={name} opened={data} names={names.data} />
      )}
    </CatalogWith>
  )
}
const none: readonly ClientResource[] = []

/** A page is drawn where pages are; every version of it stands here, and the way back. */
function Versions({ opened, onBack }: { opened: DesignAnswer; onBack: () => Promise<void> }) {
  return (
    <div className="x-page">
      <PageHead title={opened.label} tab={`版本 ${opened.label}`} acts={<Link to={designPath(opened)}>打开设计</Link>} />
      <VersionsTab kind={opened.kind} name={opened.name} onBack={onBack} />
    </div>
  )
}

function TypeDesk({ opened, names }: { opened: DesignAnswer; names: DesignNames }) {
  const studio = useStudio<TypeDesign>(opened)
  const { content: type, edit, problems } = studio
  const board = useMemo(() => boardOfType(type), [type])
  const setBoard = useCallback((change: (board: Board) => Board, about?: string) => edit((before) => typeWith(before, change(boardOfType(before))), about), [edit])
  const change = useCallback((part: Changed<TypeDesign>, about?: string) => edit((before) => changed(before, part), about), [edit])
  const problemAt = (path: string) => problems.find(({ field }) => field === path || field.startsWith(`${path}.`))?.message
  const props = { type, names, problemAt, onChange: change }
  const fields = useMemo(() => fieldsOf(type.fields), [type.fields])
  return (
    <Workbench
      studio={studio}
      title={type.label}
      board={board}
      setBoard={setBoard}
      beside={opened.version !== null && <Beside about={{ type: opened.name, label: type.label }} hasFlow={type.approval} />}
      panel={(key, acts) => (
        <FieldPanel key={key} field={board.fields.find((one) => one.key === key)!} fields={type.fields} names={names} type={opened.name} problemAt={problemsOfField(board, problems, key)}
          onChange={(part, about) => setBoard((before) => changedField(before, key, part), about && `${key} ${about}`)} {...acts} />
      )}
      tabs={[
        { key: 'list', label: '列表', content: <ListTab {...props} /> },
        { key: 'grants', label: '权限', content: <GrantsTab {...props} /> },
        { key: 'buttons', label: '按钮', content: <ButtonsTab type={opened.name} buttons={type.buttons ?? []} fields={type.fields} names={names} problemAt={problemAt} onChange={(buttons) => change({ buttons })} /> },
        { key: 'settings', label: '设置', content: <SettingsTab {...props} /> },
        { key: 'preview', label: '预览', content: <PreviewTab label={type.label} title={type.title} fields={fields} groups={type.groups} rules={type.rules} names={names} roles={type.grants} /> },
      ]}
    />
  )
} // prettier-ignore
/** What is set to nothing is not said. */
const changed = <T extends object>(design: T, part: Changed<T>): T => Object.fromEntries(Object.entries({ ...design, ...part }).filter(([, value]) => value !== undefined)) as T // prettier-ignore

function OverlayDesk({ opened, base, names }: { opened: DesignAnswer; base: DesignBase; names: DesignNames }) {
  const studio = useStudio<Overlay>(opened)
  const { content: overlay, edit, problems } = studio
  const board = useMemo(() => boardOfOverlay(overlay, base), [overlay, base])
  const setBoard = useCallback((change: (board: Board) => Board, about?: string) => edit((before) => overlayWith(before, base, change(boardOfOverlay(before, base))), about), [edit, base])
  const change = useCallback((part: Changed<Overlay>, about?: string) => edit((before) => changed(before, part), about), [edit])
  const problemAt = (path: string) => problems.find(({ field }) => field === path || field.startsWith(`${path}.`))?.message
  const shown = useMemo(() => board.fields.filter((one) => !(one as { hidden?: boolean }).hidden), [board.fields])
  const props = { overlay, base, names, fields: board.fields, problemAt, onChange: change }
  return (
    <Workbench
      studio={studio}
      title={opened.label}
      board={board}
      setBoard={setBoard}
      panel={(key, acts) => (
        <FieldPanel key={key} field={board.fields.find((one) => one.key === key)!} fields={board.fields} names={names} type={opened.name} problemAt={overlayProblems(overlay, problemsOfField(board, problems, key), problems, key)}
          isNeeded={base.needed.includes(key)} isRequired={base.fields[key]?.required === true} keptChoices={Object.keys((base.fields[key]?.options as { choices?: object } | undefined)?.choices ?? {})}
          onChange={(part, about) => setBoard((before) => changedField(before, key, part), about && `${key} ${about}`)} {...acts} />
      )}
      tabs={[
        { key: 'grants', label: '各角色的字段', content: <OverlayRolesTab {...props} /> },
        { key: 'buttons', label: '按钮', content: <ButtonsTab type={opened.name} buttons={overlay.buttons ?? []} fields={board.fields.filter(({ isBase, readOnly }) => !isBase || !readOnly)} names={names} problemAt={problemAt} onChange={(buttons) => change({ buttons })} /> },
        { key: 'settings', label: '列表与规则', content: <OverlaySettingsTab {...props} /> },
        { key: 'preview', label: '预览', content: <PreviewTab label={opened.label} title={base.title} fields={fieldsOf(shown)} groups={board.groups} rules={overlay.rules} names={names} roles={overlay.roles} /> },
      ]}
    />
  )
} // prettier-ignore
/** A patch of a field is named by its number among the patches. */
const overlayProblems =
  (overlay: Overlay, plain: (path: string) => string | undefined, problems: readonly { field: string; message: string }[], key: string) =>
  (path: string): string | undefined =>
    plain(path) ??
    problems.find(({ field }) => {
      const [, at] = /^patches\.(\d+)/.exec(field) ?? []
      const patch = at === undefined ? undefined : overlay.patches[Number(at)]
      return (
        patch?.field === key &&
        (patch.property === path ||
          (patch.property === 'choices' && path === 'options.choices') ||
          (patch.property === 'hidden' && path === 'label'))
      )
    })?.message
