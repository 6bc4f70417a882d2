import { EditOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { here } from '../api/place.ts'
import { asText, type InputProps } from './field-view.ts'
import { SignaturePad } from './signature-pad.tsx'

export function SignatureInput({ id, field, value, onChange, isInvalid, isDisabled }: InputProps<'signature'>) {
  const [isOpen, setOpen] = useState(false)
  const signed = asText(value)
  return (
    <div className="x-sign">
      {signed && <img className="x-signature" src={here(`/api/files/${signed}`)} alt={field.label} />}
      {!isDisabled && (
        <Button id={id} danger={isInvalid ?? false} icon={<EditOutlined />} onClick={() => setOpen(true)}>
          {signed ? '重新签名' : '签名'}
        </Button>
      )}
      {isOpen && <SignaturePad title={field.label} onSigned={onChange} onClose={() => setOpen(false)} />}
    </div>
  )
}
