import { BarcodeOutlined, ScanOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { asText, type InputProps } from '../field-view.ts'
import './inputs.css'

const Scanner = lazy(() => import('./scanner.tsx'))

/** A code is typed, read by a hand scanner (which types and presses Enter), or seen by the camera. */
export function BarcodeInput({ id, field, value, onChange, onBlur, isInvalid, isDisabled, describedBy }: InputProps<'barcode'>) {
  const [isScanning, setScanning] = useState(false)
  return (
    <div className="x-code-input">
      <Input
        id={id}
        value={asText(value)}
        prefix={<BarcodeOutlined className="x-faint" aria-hidden />}
        placeholder={field.placeholder ?? '扫码或填写'}
        status={isInvalid ? 'error' : ''}
        disabled={isDisabled ?? false}
        autoComplete="off"
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.value || null)}
        // A hand scanner ends with Enter, which must not submit the form.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        onBlur={onBlur}
      />
      <Button icon={<ScanOutlined />} disabled={isDisabled ?? false} onClick={() => setScanning(true)}>
        扫码
      </Button>
      {isScanning && (
        <Suspense>
          <Scanner
            title={field.label}
            onRead={(text) => {
              onChange(text)
              setScanning(false)
              onBlur?.()
            }}
            onClose={() => setScanning(false)}
          />
        </Suspense>
      )}
    </div>
  )
}
