import type { MessageItem } from '#model'
import { useNavigate } from 'react-router'
import { useReadMessages } from '../api/hooks.ts'
import { ago } from '../parts/ago.ts'
import './messages.css'

/** Reading a message opens what it is about. */
export function MessageRow({ message }: { message: MessageItem }) {
  const navigate = useNavigate()
  const read = useReadMessages()
  const open = () => {
    if (!message.readAt) void read({ ids: [message.id] })
    if (message.link) void navigate(message.link)
  }
  return (
    <li>
      <button type="button" className={`x-message ${message.readAt ? '' : 'unread'}`} onClick={open}>
        <span className="x-message-text">
          <b>{message.title}</b>
          {message.body && <span>{message.body}</span>}
        </span>
        <time dateTime={message.at}>{ago(message.at)}</time>
        {!message.readAt && <span className="x-screen-reader">未读</span>}
      </button>
    </li>
  )
}
