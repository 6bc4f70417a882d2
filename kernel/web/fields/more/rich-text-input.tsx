import {
  BoldOutlined, ItalicOutlined, LinkOutlined, MinusOutlined, OrderedListOutlined, RedoOutlined, StrikethroughOutlined, UnderlineOutlined, UndoOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons' // prettier-ignore
import { isRichText, safeLink, type RichNode } from '#model'
import { EditorContent, useEditor, useEditorState, type Editor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { Input } from 'antd'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { pageNonce } from '../../theme/nonce.ts'
import { asText, type InputProps } from '../field-view.ts'
import './inputs.css'

const extensions = [
  // What the model knows, and nothing else: what is pasted loses the rest.
  StarterKit.configure({
    code: false,
    codeBlock: false,
    // It would change a text that is only looked at.
    trailingNode: false,
    heading: { levels: [1, 2, 3] },
    link: { openOnClick: false, autolink: true, defaultProtocol: 'https', isAllowedUri: (href) => safeLink(href) !== null },
  }),
]
const isEmpty = (editor: Editor): boolean => editor.isEmpty && !JSON.stringify(editor.getJSON()).includes('horizontalRule')

/** Formatted text: written in the page, kept as a tree of known parts. */
export function RichTextInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'richText'>) {
  const told = useRef(value)
  const latest = useRef({ onChange, onBlur })
  useEffect(() => {
    latest.current = { onChange, onBlur }
  })
  const editor = useEditor({
    extensions,
    ...(pageNonce ? { injectNonce: pageNonce } : {}),
    content: isRichText(value) ? (value as object) : asText(value),
    editable: !isDisabled,
    editorProps: {
      attributes: {
        id,
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': field.label,
        'aria-describedby': describedBy ?? '',
        class: 'x-rich',
      },
    },
    onUpdate: ({ editor: now }) => {
      told.current = isEmpty(now) ? null : (now.getJSON() as RichNode)
      latest.current.onChange(told.current)
    },
    onBlur: () => latest.current.onBlur?.(),
  })
  // A draft brought back, a value filled in: what did not come from here is shown.
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    editor.commands.setContent(isRichText(value) ? (value as object) : asText(value), { emitUpdate: false })
  }, [value, editor])
  useEffect(() => editor.setEditable(!isDisabled, false), [editor, isDisabled])
  return (
    <div className={`x-rich-editor ${isInvalid ? 'x-invalid' : ''} ${isDisabled ? 'disabled' : ''}`}>
      {!isDisabled && <Bar editor={editor} />}
      <EditorContent editor={editor} />
    </div>
  )
}

interface Tool {
  name: string
  icon: ReactNode
  isOn?: (editor: Editor) => boolean
  run: (editor: Editor) => void
}
const tools: readonly Tool[] = [
  { name: '标题', icon: 'H', isOn: (e) => e.isActive('heading', { level: 2 }), run: (e) => e.chain().focus().toggleHeading({ level: 2 }).run() },
  { name: '加粗', icon: <BoldOutlined />, isOn: (e) => e.isActive('bold'), run: (e) => e.chain().focus().toggleBold().run() },
  { name: '斜体', icon: <ItalicOutlined />, isOn: (e) => e.isActive('italic'), run: (e) => e.chain().focus().toggleItalic().run() },
  { name: '下划线', icon: <UnderlineOutlined />, isOn: (e) => e.isActive('underline'), run: (e) => e.chain().focus().toggleUnderline().run() },
  { name: '删除线', icon: <StrikethroughOutlined />, isOn: (e) => e.isActive('strike'), run: (e) => e.chain().focus().toggleStrike().run() },
  { name: '项目符号', icon: <UnorderedListOutlined />, isOn: (e) => e.isActive('bulletList'), run: (e) => e.chain().focus().toggleBulletList().run() },
  { name: '编号', icon: <OrderedListOutlined />, isOn: (e) => e.isActive('orderedList'), run: (e) => e.chain().focus().toggleOrderedList().run() },
  { name: '引用', icon: '“', isOn: (e) => e.isActive('blockquote'), run: (e) => e.chain().focus().toggleBlockquote().run() },
  { name: '分隔线', icon: <MinusOutlined />, run: (e) => e.chain().focus().setHorizontalRule().run() },
  { name: '撤销', icon: <UndoOutlined />, run: (e) => e.chain().focus().undo().run() },
  { name: '重做', icon: <RedoOutlined />, run: (e) => e.chain().focus().redo().run() },
] // prettier-ignore

function Bar({ editor }: { editor: Editor }) {
  const [link, setLink] = useState<string | null>(null)
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => [...tools.map((tool) => tool.isOn?.(now) ?? false), now.isActive('link')],
  })
  const setTo = () => {
    const href = link ? safeLink(link) : null
    if (href) editor.chain().focus().extendMarkRange('link').setLink({ href }).run()
    else editor.chain().focus().extendMarkRange('link').unsetLink().run()
    setLink(null)
  }
  return (
    <div className="x-rich-bar" role="toolbar" aria-label="格式">
      {tools.map((tool, at) => (
        <button
          key={tool.name}
          type="button"
          title={tool.name}
          aria-label={tool.name}
          aria-pressed={on[at]}
          // The words chosen stay chosen.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => tool.run(editor)}
        >
          {tool.icon}
        </button>
      ))}
      <button
        type="button"
        title="链接"
        aria-label="链接"
        aria-pressed={on.at(-1)}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => setLink(asText(editor.getAttributes('link')['href']))}
      >
        <LinkOutlined />
      </button>
      {link !== null && (
        <Input
          autoFocus
          value={link}
          placeholder="https://…，留空则去掉链接"
          aria-label="链接地址"
          onChange={(event) => setLink(event.target.value)}
          onPressEnter={(event) => {
            event.preventDefault()
            setTo()
          }}
          onBlur={setTo}
          onKeyDown={(event) => event.key === 'Escape' && setLink(null)}
        />
      )}
    </div>
  )
}
