import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { api } from '../api/client.ts'
import { messageOf } from '../api/problem.ts'

const key = ['phrases']
/** A person's own stock phrases: one press puts one in; what stands in the field can be kept as one. */
export function Phrases({ value, onPick }: { value: string; onPick: (text: string) => void }) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const phrases = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<string[]>('/api/phrases', {}, signal),
    staleTime: 300_000,
  }).data
  const text = value.trim()
  async function keep(list: readonly string[]) {
    try {
      await api.put('/api/phrases', { phrases: list })
      client.setQueryData(key, list)
    } catch (error) {
      void message.error(messageOf(error))
    }
  }
  if (!phrases) return null
  const isNew = text !== '' && text.length <= 100 && !phrases.includes(text)
  if (phrases.length === 0 && !isNew) return null
  return (
    <p className="x-phrases" aria-label="常用语">
      {phrases.map((phrase) => (
        <span key={phrase}>
          <button type="button" onClick={() => onPick(text ? `${text}；${phrase}` : phrase)}>
            {phrase}
          </button>
          <button type="button" aria-label={`删除常用语：${phrase}`} onClick={() => void keep(phrases.filter((one) => one !== phrase))}>
            <CloseOutlined aria-hidden />
          </button>
        </span>
      ))}
      {isNew && (
        <button type="button" className="add" onClick={() => void keep([...phrases, text])}>
          <PlusOutlined aria-hidden /> 存为常用语
        </button>
      )}
    </p>
  )
}
