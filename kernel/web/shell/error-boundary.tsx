import { Component, type ReactNode } from 'react'
import { Notice } from '../parts/states.tsx'

/** A page that breaks takes nothing else with it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    // After an update of the server the former page's files may be gone.
    const isStale = error instanceof Error && /dynamically imported module|Importing a module script/.test(error.message)
    return (
      <Notice
        kind="fault"
        title={isStale ? '系统已更新' : '这个页面出错了'}
        text={isStale ? '请刷新，以打开新版页面。' : '已填写的草稿仍保存在服务器上。刷新后可继续；若再次出现，请告知信息科。'}
        act={{ label: '刷新', run: () => location.reload() }}
      />
    )
  }
}
